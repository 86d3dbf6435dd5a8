import assert from "node:assert/strict";
import { ConfigError, loadConfig, type ConfigSource } from "../../../config/index";
import { dev, local, prod, secret, set } from "./fixtures";

/** What is wrong, the configuration, the key that must be named, and a part of: what, allowed, fix. */
type Case = [title: string, source: () => ConfigSource, key: string, what: RegExp, allowed: RegExp, fix: RegExp];

const LZ = "fhir-landing-zone:";
const fi = (path: string, value: unknown, base = prod) => set(base(), `systems.fiFhir.${path}`, value);
const cluster = (path: string, value: unknown) => set(prod(), `cluster.${path}`, value);
const EXEMPTION = {
  control: "PSS-001",
  resource: "x",
  owner: "platform",
  reason: "vendor image, see ticket",
  expires: "2027-01-31",
};
const exemption = (change: object) => set(prod(), "policy:exemptions", [{ ...EXEMPTION, ...change }]);
const AUTHORITY = atob((prod().values[`${LZ}vault`] as { caBundle: string }).caBundle);
const external = (change: object) =>
  fi("database", { kind: "external", host: "db.acme.org", cidr: "10.50.0.0/24", caPem: AUTHORITY, ...change });
const kubeconfigOnly = () => secret(set(dev(), "cluster.stackReference", undefined), "kubeconfig");
const gkeOn = (kind: string) => set(set(prod(), "kind", kind), "policy:stackKind", undefined);

// prettier-ignore
const KEYS: Case[] = [
  ["unknown key", () => set(prod(), "clutser", {}), `${LZ}clutser`, /not a known key/, /cluster/, /did you mean cluster\?/],
  ["unknown key like nothing", () => set(prod(), "zzzzzz", 1), `${LZ}zzzzzz`, /not a known key/, /mesh/, /remove it/],
  ["mistyped namespace", () => set(prod(), "fhir-landingzone:kind", "prod"), "fhir-landingzone:kind", /namespace/, /fhir-landing-zone/, /did you mean fhir-landing-zone:kind/],
  ["default provider's namespace", () => set(prod(), "kubernetes:context", "x"), "kubernetes:context", /namespace/, /policy/, /never from a default provider/],
  ["unknown key of gcp", () => set(prod(), "gcp:zone", "europe-west1-b"), "gcp:zone", /not a known key/, /project, region/, /remove it/],
  ["unknown key of policy", () => set(prod(), "policy:exemption", []), "policy:exemption", /not a known key/, /exemptions/, /did you mean exemptions\?/],
  ["unknown nested key", () => cluster("nodepool", {}), `${LZ}cluster.nodepool`, /not a known key/, /nodePool/, /did you mean nodePool\?/],
  ["password in the configuration", () => fi("database", { kind: "in-cluster", password: "planted-secret" }), `${LZ}systems.fiFhir.database.password`, /not a known key/, /storage/, /Vault/],
  ["unknown system", () => set(prod(), "systems.fifhir", {}), `${LZ}systems.fifhir`, /not a known key/, /fiFhir/, /did you mean fiFhir\?/],
  ["unknown chart", () => set(prod(), "charts.externalsecrets", { path: "x" }), `${LZ}charts.externalsecrets`, /not a known key/, /external-secrets/, /did you mean external-secrets\?/],
  ["unknown definitions", () => set(local(), "crds.prometheus", { path: "x.yaml" }), `${LZ}crds.prometheus`, /not a known key/, /prometheus-operator/, /remove it/],
  ["secret in clear text", () => set(kubeconfigOnly(), "vaultToken", "planted-secret"), `${LZ}vaultToken`, /stored in clear text/, /encrypts/, /set it again as a secret/],
  ["plain key stored as secret", () => secret(set(prod(), "monitoring", undefined), "monitoring"), `${LZ}monitoring`, /is stored as a secret/, /kubeconfig and .*vaultToken/, /without --secret/],
  ["unknown secret key", () => secret(dev(), "kubeConfig"), `${LZ}kubeConfig`, /not a known key/, /kubeconfig/, /did you mean kubeconfig\?/],
  ["another project", () => ({ ...prod(), project: "landing-zone" }), "name", /another project's/, /fhir-landing-zone/, /namespace of the configuration/],
];

// prettier-ignore
const SHAPE: Case[] = [
  ["kind missing", () => set(prod(), "kind", undefined), `${LZ}kind`, /missing/, /local, dev, prod/, /what the stack is for/],
  ["kind mistyped", () => set(prod(), "kind", "production"), `${LZ}kind`, /not one of/, /local, dev, prod/, /give it: what the stack is for/],
  ["cluster missing", () => set(prod(), "cluster", undefined), `${LZ}cluster`, /missing/, /embedded, gke, existing/, /where everything runs/],
  ["cluster is text", () => set(prod(), "cluster", "gke"), `${LZ}cluster`, /is text, not an object/, /embedded, gke, existing/, /where everything runs/],
  ["provider missing", () => cluster("provider", undefined), `${LZ}cluster.provider`, /missing/, /embedded, gke, existing/, /choose one/],
  ["provider mistyped", () => cluster("provider", "gek"), `${LZ}cluster.provider`, /not a known kind/, /gke/, /did you mean gke\?/],
  ["provider kind, which comes later", () => cluster("provider", "kind"), `${LZ}cluster.provider`, /not a known kind/, /embedded, gke, existing/, /choose one/],
  ["embedded version that is not built", () => set(local(), "cluster.kubernetesVersion", "1.35.0"), `${LZ}cluster.kubernetesVersion`, /not one of/, /1\.36\.3/, /leave it out/],
  ["real nodes, which come later", () => set(local(), "cluster.nodes", { kind: "real" }), `${LZ}cluster.nodes.kind`, /not one of/, /simulated/, /leave it out/],
  ["too many nodes", () => set(local(), "cluster.nodes", { count: 500 }), `${LZ}cluster.nodes.count`, /too large/, /from 1 to 50/, /default is 3/],
  ["half a node", () => set(local(), "cluster.nodes", { count: 2.5 }), `${LZ}cluster.nodes.count`, /not a whole number/, /from 1 to 50/, /default is 3/],
  ["zone instead of region", () => set(cluster("location", "europe-west1-b"), "gcp:region", undefined), `${LZ}cluster.location`, /not a Google Cloud region/, /without redundancy/, /zone's letter/],
  ["region that is a zone", () => set(prod(), "gcp:region", "europe-west1-b"), "gcp:region", /not a Google Cloud region/, /europe-west1/, /zone's letter/],
  ["project number as ID", () => set(prod(), "gcp:project", "123456789012"), "gcp:project", /not a project ID/, /not the number/, /gcloud projects list/],
  ["project number missing", () => cluster("projectNumber", undefined), `${LZ}cluster.projectNumber`, /missing/, /digits/, /gcloud projects describe/],
  ["long cluster name", () => cluster("name", "a-name-that-is-far-too-long-for-it"), `${LZ}cluster.name`, /not a cluster name/, /1 to 24/, /shorten/],
  ["Kubernetes version with v", () => cluster("kubernetesVersion", "v1.35"), `${LZ}cluster.kubernetesVersion`, /not a Kubernetes version/, /without 'v'/, /1\.36\.3/],
  ["old Kubernetes version", () => cluster("kubernetesVersion", "1.20.1"), `${LZ}cluster.kubernetesVersion`, /older/, /1\.33 to 1\.36/, /1\.36\.3/],
  ["unreleased Kubernetes version", () => cluster("kubernetesVersion", "1.99"), `${LZ}cluster.kubernetesVersion`, /newer/, /1\.33 to 1\.36/, /1\.36\.3/],
  ["unknown release channel", () => cluster("releaseChannel", "stable"), `${LZ}cluster.releaseChannel`, /not one of/, /REGULAR, STABLE, RAPID/, /REGULAR/],
  ["no CIDR", () => cluster("ranges.pods", "10.16.0.0"), `${LZ}cluster.ranges.pods`, /not an IPv4 block/, /\/8 to \/21/, /choose a block/],
  ["CIDR with host bits", () => cluster("ranges.pods", "10.16.0.1/14"), `${LZ}cluster.ranges.pods`, /did you mean 10\.16\.0\.0\/14/, /\/8 to \/21/, /choose a block/],
  ["address that is none", () => cluster("ranges.nodes", "10.300.0.0/20"), `${LZ}cluster.ranges.nodes`, /not an IPv4 block/, /\/8 to \/24/, /choose a block/],
  ["control plane range of the wrong size", () => cluster("ranges.controlPlane", "172.16.0.0/24"), `${LZ}cluster.ranges.controlPlane`, /larger than allowed/, /\/28/, /\/28/],
  ["label value in upper case", () => cluster("labels.team", "Platform"), `${LZ}cluster.labels.team`, /not a label value/, /a-z/, /lower case/],
  ["true in quotes", () => cluster("privateEndpoint", "true"), `${LZ}cluster.privateEndpoint`, /is text, not true or false/, /true or false/, /default is true/],
  ["machine type", () => cluster("nodePool", { machineType: "large" }), `${LZ}cluster.nodePool.machineType`, /not a machine type/, /Compute Engine/, /e2-standard-4/],
  ["short stack reference", () => set(dev(), "cluster.stackReference", "prod"), `${LZ}cluster.stackReference`, /not a full stack name/, /ORGANIZATION\/PROJECT\/STACK/, /organization\/fhir-cluster/],
  ["existing without version", () => set(dev(), "cluster.kubernetesVersion", undefined), `${LZ}cluster.kubernetesVersion`, /missing/, /1\.33 to 1\.36/, /1\.36\.3/],
  ["trust domain as URL", () => set(prod(), "mesh.trustDomain", "spiffe://cluster.local"), `${LZ}mesh.trustDomain`, /not a SPIFFE trust domain/, /lower-case/, /without spiffe:\/\//],
  ["gateway in kube-system", () => set(prod(), "mesh.gateway", { namespace: "kube-system" }), `${LZ}mesh.gateway.namespace`, /reserved/, /kube-/, /of its own/],
  ["Vault over http", () => set(prod(), "vault.server", "http://vault.acme.org"), `${LZ}vault.server`, /does not use https/, /https:\/\//, /8200/],
  ["Vault URL with a password", () => set(prod(), "vault.server", "https://me:planted-secret@vault.acme.org"), `${LZ}vault.server`, /user or password/, /without user/, /8200/],
  ["CA bundle missing", () => set(prod(), "vault.caBundle", undefined), `${LZ}vault.caBundle`, /missing/, /base64/, /base64 -w0/],
  ["CA bundle as PEM", () => set(prod(), "vault.caBundle", "-----BEGIN CERTIFICATE-----\nx"), `${LZ}vault.caBundle`, /PEM as it is/, /base64/, /base64 -w0/],
  ["CA bundle with a private key", () => set(prod(), "vault.caBundle", btoa("-----BEGIN PRIVATE KEY-----\nplanted-secret")), `${LZ}vault.caBundle`, /private key/, /CA certificates/, /base64 -w0/],
  ["CA bundle that is none", () => set(prod(), "vault.caBundle", "aGVsbG8="), `${LZ}vault.caBundle`, /no PEM certificate/, /CA certificates/, /base64 -w0/],
  ["absolute chart path", () => set(prod(), "charts.external-secrets", { path: "/opt/chart" }), `${LZ}charts.external-secrets.path`, /absolute/, /relative/, /\.landing-zone/],
  ["URL as chart path", () => set(prod(), "charts.external-secrets", { path: "https://charts.acme.org" }), `${LZ}charts.external-secrets.path`, /is a URL/, /relative/, /\.landing-zone/],
  ["short digest", () => set(prod(), "charts.external-secrets", { digest: "sha256:abc" }), `${LZ}charts.external-secrets.digest`, /not a SHA-256/, /64/, /whole digest/],
  ["chart repository over http", () => set(prod(), "charts.external-secrets", { repository: "http://c.acme.org", digest: `sha256:${"a".repeat(64)}` }), `${LZ}charts.external-secrets.repository`, /not a chart repository/, /oci:\/\//, /https:\/\/charts/],
  ["image latest", () => set(prod(), "images.postgres", "docker.io/library/postgres:latest"), `${LZ}images.postgres`, /tag 'latest'/, /other than latest/, /postgres:17\.6/],
  ["image without tag", () => set(prod(), "images.postgres", "docker.io/library/postgres"), `${LZ}images.postgres`, /neither tag nor digest/, /other than latest/, /postgres:17\.6/],
  ["image without registry", () => set(prod(), "images.postgres", "library/postgres:17.6"), `${LZ}images.postgres`, /which registry/, /spelled out/, /postgres:17\.6/],
  ["image name in upper case", () => set(prod(), "images.postgres", "docker.io/Postgres:17"), `${LZ}images.postgres`, /not an image reference/, /spelled out/, /postgres:17\.6/],
  ["one replica", () => fi("replicas", 1), `${LZ}systems.fiFhir.replicas`, /too small/, /from 2 to 50/, /default is 2/],
  ["replicas as text", () => fi("replicas", "three"), `${LZ}systems.fiFhir.replicas`, /is text/, /whole number/, /default is 2/],
  ["host missing", () => fi("host", undefined), `${LZ}systems.fiFhir.host`, /missing/, /at least one dot/, /fi-fhir\.example\.com/],
  ["host without a dot", () => fi("host", "fi-fhir"), `${LZ}systems.fiFhir.host`, /not a fully qualified/, /at least one dot/, /fi-fhir\.example\.com/],
  ["host with scheme", () => fi("host", "https://fi-fhir.acme.org"), `${LZ}systems.fiFhir.host`, /not a fully qualified/, /without scheme/, /fi-fhir\.example\.com/],
  ["ingress of another kind", () => fi("ingress", "traefik"), `${LZ}systems.fiFhir.ingress`, /not one of/, /istio, nginx/, /default is "istio"/],
  ["no FHIR server", () => fi("fhirServer.cidrs", []), `${LZ}systems.fiFhir.fhirServer.cidrs`, /empty list/, /at least 1/, /blocks that it is in/],
  ["egress to the internet", () => fi("fhirServer.cidrs", ["0.0.0.0/0"]), `${LZ}systems.fiFhir.fhirServer.cidrs[0]`, /far more/, /\/16 to \/32/, /servers' own block/],
  ["egress to a /8", () => fi("fhirServer.cidrs", ["10.0.0.0/8"]), `${LZ}systems.fiFhir.fhirServer.cidrs[0]`, /far more/, /\/16 to \/32/, /servers' own block/],
  ["port out of range", () => fi("fhirServer.port", 70000), `${LZ}systems.fiFhir.fhirServer.port`, /too large/, /65535/, /default is 443/],
  ["database of another kind", () => fi("database", { kind: "mysql" }), `${LZ}systems.fiFhir.database.kind`, /not a known kind/, /in-cluster, external/, /choose one/],
  ["weaker sslMode", () => fi("database", { kind: "in-cluster", sslMode: "require" }), `${LZ}systems.fiFhir.database.sslMode`, /not one of/, /verify-full/, /leave it out/],
  ["storage in GB", () => fi("database", { kind: "in-cluster", storage: "20GB" }), `${LZ}systems.fiFhir.database.storage`, /not a Kubernetes quantity/, /Gi/, /20Gi/],
  ["bucket as URL", () => fi("backup.bucket", "gs://backups"), `${LZ}systems.fiFhir.backup.bucket`, /not a bucket name/, /without gs:\/\//, /acme-fi-fhir-backups/],
  ["unknown log level", () => fi("logLevel", "trace"), `${LZ}systems.fiFhir.logLevel`, /not one of/, /info/, /default is "info"/],
  ["stack kind of the pack", () => set(dev(), "policy:stackKind", "test"), "policy:stackKind", /not one of/, /dev, prod/, /how strict the pack is/],
  ["Pod Security version latest", () => set(prod(), "policy:podSecurityVersion", "latest"), "policy:podSecurityVersion", /not a pinned/, /under running workloads/, /v1\.36/],
  ["registry with scheme", () => set(dev(), "policy:registries", ["https://ghcr.io"]), "policy:registries[0]", /not a registry/, /without scheme/, /ghcr\.io\/acme/],
  ["exemption without owner", () => exemption({ owner: undefined }), "policy:exemptions[0].owner", /missing/, /text/, /who answers/],
  ["exemption without much of a reason", () => exemption({ reason: "ok" }), "policy:exemptions[0].reason", /next to nothing/, /10 signs/, /what makes up/],
  ["exemption from no control", () => exemption({ control: "everything" }), "policy:exemptions[0].control", /not the ID/, /catalogue/, /PSS-011/],
  ["exemption for all resources", () => exemption({ resource: "*" }), "policy:exemptions[0].resource", /selects everything/, /a name/, /name the resource/],
  ["exemption until somewhen", () => exemption({ expires: "soon" }), "policy:exemptions[0].expires", /not a date/, /180 days/, /2027-01-31/],
];

// prettier-ignore
const MORE: Case[] = [
  ["namespace default", () => set(prod(), "monitoring", { namespace: "default" }), `${LZ}monitoring.namespace`, /namespace 'default'/, /not 'default'/, /of its own/],
  ["namespace in upper case", () => set(prod(), "monitoring", { namespace: "Monitoring" }), `${LZ}monitoring.namespace`, /not a DNS-1123 label/, /DNS-1123/, /of its own/],
  ["namespace that is fixed", () => fi("namespace", "fi-fhir-2"), `${LZ}systems.fiFhir.namespace`, /not a known key/, /host/, /remove it/],
  ["storage without unit", () => fi("database", { kind: "in-cluster", storage: "20" }), `${LZ}systems.fiFhir.database.storage`, /no unit of bytes/, /Gi/, /20Gi/],
  ["no storage", () => fi("database", { kind: "in-cluster", storage: "0Gi" }), `${LZ}systems.fiFhir.database.storage`, /is zero/, /Gi/, /20Gi/],
  ["external database without address block", () => external({ cidr: undefined }), `${LZ}systems.fiFhir.database.cidr`, /missing/, /\/16 to \/32/, /own block/],
  ["external database without authority", () => external({ caPem: undefined }), `${LZ}systems.fiFhir.database.caPem`, /missing/, /PEM/, /indented/],
  ["external database with a leaf certificate's key", () => external({ caPem: "-----BEGIN PRIVATE KEY-----\nplanted-secret" }), `${LZ}systems.fiFhir.database.caPem`, /private key/, /PEM/, /indented/],
  ["external database by address", () => external({ host: "10.50.0.3" }), `${LZ}systems.fiFhir.database.host`, /not a fully qualified/, /at least one dot/, /fi-fhir\.example\.com/],
  ["FHIR server over http", () => fi("fhirServer.baseUrl", "http://fhir.acme.org/r4"), `${LZ}systems.fiFhir.fhirServer.baseUrl`, /does not use https/, /https:\/\//, /write it like/],
  ["FHIR server without URL", () => fi("fhirServer.baseUrl", undefined), `${LZ}systems.fiFhir.fhirServer.baseUrl`, /missing/, /https:\/\//, /write it like/],
  ["backup missing", () => fi("backup", undefined), `${LZ}systems.fiFhir.backup`, /missing/, /bucket/, /where backups go/],
  ["service account by its short name", () => fi("backup.googleServiceAccount", "backups"), `${LZ}systems.fiFhir.backup.googleServiceAccount`, /not the address/, /iam\.gserviceaccount\.com/, /gcloud iam/],
  ["collector without a name", () => fi("tracing", { namespace: "monitoring", labels: { app: "otel" } }), `${LZ}systems.fiFhir.tracing.host`, /missing/, /at least one dot/, /write it like/],
  ["pull secret in upper case", () => fi("imagePullSecrets", ["Registry"]), `${LZ}systems.fiFhir.imagePullSecrets[0]`, /not a DNS-1123 label/, /1 to 63/, /lower case/],
  ["Vault without address block", () => set(prod(), "vault.cidrs", undefined), `${LZ}vault.cidrs`, /missing/, /at least 1/, /NetworkPolicy/],
  ["existing cluster without address block", () => set(dev(), "cluster.apiServerCidrs", undefined), `${LZ}cluster.apiServerCidrs`, /missing/, /at least 1/, /NetworkPolicies/],
];

// prettier-ignore
const RULES: Case[] = [
  ["FHIR server's port twice", () => fi("fhirServer.baseUrl", "https://fhir.acme.org:8443/r4"), `${LZ}systems.fiFhir.fhirServer.port`, /not the port of its baseUrl \(8443\)/, /^8443$/, /equal/],
  ["monitoring in fi-fhir's namespace", () => set(prod(), "monitoring", { namespace: "fi-fhir" }), `${LZ}monitoring.namespace`, /namespace of .*systems\.fiFhir, too/, /of its own/, /another name/],
  ["gateway beside istiod", () => set(prod(), "mesh.gateway", { namespace: "istio-system" }), `${LZ}mesh.gateway.namespace`, /mesh\.controlPlaneNamespace, too/, /of its own/, /another name/],
  ["database among the pods", () => external({ cidr: "10.18.0.0/24" }), `${LZ}systems.fiFhir.database.cidr`, /overlaps cluster\.ranges\.pods/, /outside/, /own block/],
  ["image from a registry that is not listed", () => set(prod(), "policy:registries", ["registry.gitlab.flexinfer.ai", "registry.example.com/other"]), `${LZ}images.postgres`, /does not list/, /registry\.example\.com\/other/, /mirror/],
  ["prod on the embedded cluster", () => set(set(prod(), "cluster", { provider: "embedded" }), "systems", {}), `${LZ}cluster.provider`, /one machine/, /gke or existing/, /kind to local/],
  ["local on GKE", () => gkeOn("local"), `${LZ}kind`, /cluster is gke/, /dev or prod/, /how strict/],
  ["prod without deletion protection", () => cluster("deletionProtection", false), `${LZ}cluster.deletionProtection`, /off on prod/, /true/, /leave it out/],
  ["prod with a public API server", () => cluster("privateEndpoint", false), `${LZ}cluster.privateEndpoint`, /public address/, /true/, /DNS endpoint/],
  ["prod open to everybody", () => cluster("authorizedNetworks", [{ name: "all", cidr: "0.0.0.0/0" }]), `${LZ}cluster.authorizedNetworks[0].cidr`, /everybody/, /of your own/, /VPN/],
  ["prod on RAPID", () => cluster("releaseChannel", "RAPID"), `${LZ}cluster.releaseChannel`, /nobody has run/, /REGULAR or STABLE/, /REGULAR is the default/],
  ["prod with empty zones", () => cluster("nodePool", { minPerZone: 0 }), `${LZ}cluster.nodePool.minPerZone`, /zone go empty/, /1 or more/, /1 is the default/],
  ["prod without digest", () => set(prod(), "images.fiFhir", "registry.gitlab.flexinfer.ai/libs/fi-fhir:v1.0.0"), `${LZ}images.fiFhir`, /no digest/, /@sha256/, /scanned and signed/],
  ["prod that logs bodies", () => fi("logLevel", "debug"), `${LZ}systems.fiFhir.logLevel`, /patients' data/, /info, warn or error/, /info is the default/],
  ["prod that relaxes the pack", () => set(prod(), "policy:stackKind", "dev"), "policy:stackKind", /relaxes/, /^prod$/, /beside what it protects/],
  ["prod that does not say so to the pack", () => set(prod(), "policy:stackKind", undefined), "policy:stackKind", /missing/, /^prod$/, /beside what it protects/],
  ["overlapping ranges", () => cluster("ranges.services", "10.16.4.0/22"), `${LZ}cluster.ranges.services`, /overlaps cluster\.ranges\.pods/, /without a common address/, /move one/],
  ["more nodes at least than at most", () => cluster("nodePool", { minPerZone: 5 }), `${LZ}cluster.nodePool.minPerZone`, /larger than .*maxPerZone \(3\)/, /0 to 3/, /raise maxPerZone/],
  ["too few pod addresses", () => cluster("ranges.pods", "10.16.0.0/21"), `${LZ}cluster.ranges.pods`, /room for 8 nodes/, /\/20 or wider/, /widen/],
  ["GKE without a project", () => set(prod(), "gcp:project", undefined), "gcp:project", /missing/, /project ID/, /set the project/],
  ["two regions", () => set(prod(), "gcp:region", "europe-west3"), "gcp:region", /another region/, /europe-west1/, /equal/],
  ["two Ciliums", () => set(prod(), "charts.cilium", { path: "charts/cilium" }), `${LZ}charts.cilium`, /dataplane is v2/, /dataplane: cilium/, /remove it/],
  ["two networks of one name", () => cluster("authorizedNetworks", [ { name: "vpn", cidr: "10.1.0.0/16" }, { name: "vpn", cidr: "10.2.0.0/16" }, ]), `${LZ}cluster.authorizedNetworks[1].name`, /there twice/, /of its own/, /rename/],
  ["existing cluster without a way in", () => set(dev(), "cluster.stackReference", undefined), `${LZ}kubeconfig`, /nothing says/, /one of the two/, /set it as a secret/],
  ["existing cluster with two ways in", () => secret(dev(), "kubeconfig"), `${LZ}kubeconfig`, /both set/, /one of the two/, /remove one/],
  ["kubeconfig for GKE", () => secret(prod(), "kubeconfig"), `${LZ}kubeconfig`, /makes its own/, /existing/, /remove it/],
  ["no Vault", () => set(prod(), "vault", undefined), `${LZ}vault`, /reads its secrets/, /embedded or external/, /name the Vault/],
  ["embedded Vault for GKE", () => set(prod(), "vault", { provider: "embedded" }), `${LZ}vault.provider`, /can't reach/, /external/, /server and caBundle/],
  ["token for the embedded Vault", () => secret(local(), "vaultToken"), `${LZ}vaultToken`, /no external Vault/, /vault\.provider external/, /remove it/],
  ["empty chart override", () => set(prod(), "charts.external-secrets", {}), `${LZ}charts.external-secrets`, /says nothing/, /at least one/, /pinned chart/],
  ["chart from two places", () => set(prod(), "charts.external-secrets", { path: "c", version: "1.0.0" }), `${LZ}charts.external-secrets`, /folder and a download/, /path, or/, /remove one/],
  ["other chart without digest", () => set(prod(), "charts.external-secrets", { version: "1.0.0" }), `${LZ}charts.external-secrets.digest`, /missing/, /sha256/, /sha256sum/],
  ["embedded cluster without definitions", () => set(local(), "crds.istio", undefined), `${LZ}crds.istio`, /no custom resource definitions/, /path/, /istio\.yaml/],
  ["FHIR server among the pods", () => fi("fhirServer.cidrs", ["10.17.0.0/16"]), `${LZ}systems.fiFhir.fhirServer.cidrs[0]`, /overlaps cluster\.ranges\.pods/, /outside/, /own block/],
  ["group that GKE can't know", () => fi("operatorsGroup", "fi-fhir-operators"), `${LZ}systems.fiFhir.operatorsGroup`, /is no address/, /e-mail/, /@example\.com/],
  ["exemption for a year", () => exemption({ expires: "2027-11-21" }), "policy:exemptions[0].expires", /too far away/, /2027-05-20/, /earlier date/],
  ["exemption until 30 February", () => exemption({ expires: "2027-02-30" }), "policy:exemptions[0].expires", /does not exist/, /2027-05-20/, /correct/],
  ["exemption without a place", () => exemption({ resource: undefined }), "policy:exemptions[0]", /for everything/, /resource or namespace/, /name what/],
  ["Pod Security newer than the cluster", () => set(prod(), "policy:podSecurityVersion", "v1.36"), "policy:podSecurityVersion", /newer than the cluster/, /v1\.35 or older/, /lower it/],
];

describe("wrong configuration", () => {
  for (const [title, source, key, what, allowed, fix] of [...KEYS, ...SHAPE, ...MORE, ...RULES]) {
    it(title, () => {
      const error = errorOf(source());
      assert.equal(error.problems.length, 1, error.message);
      const [problem] = error.problems;
      assert.equal(problem?.key, key);
      assert.match(problem.what, what);
      assert.match(problem.allowed, allowed);
      assert.match(problem.fix, fix);
      assert.match(
        error.message,
        /^The configuration of stack "(local|dev|prod)" .* has 1 problem; nothing was touched/,
      );
      assert.match(error.message, /set it: +(pulumi config (set|rm)|edit Pulumi\.yaml)/);
      assert.ok(error.message.includes(key));
      assert.ok(!error.message.includes("planted-secret"), "a value that may be secret is shown");
    });
  }

  it("comes in at least fifty kinds", () => {
    assert.ok(new Set([...KEYS, ...SHAPE, ...MORE, ...RULES].map(([title]) => title)).size >= 50);
  });
});

function errorOf(source: ConfigSource): ConfigError {
  try {
    loadConfig(source);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  return assert.fail("accepted");
}
