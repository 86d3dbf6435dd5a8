import { z } from "zod";
import { name, pattern, word } from "../scalars";
import { kubernetesVersion } from "../scalarsKubernetes";
import { cidr, cidrBetween, egressCidr } from "../scalarsNetwork";

/** The version of the control plane that the set-up builds; a test holds it against `tools/`. */
export const EMBEDDED_KUBERNETES_VERSION = "1.36.3";

const embedded = z.strictObject({
  provider: z.literal("embedded").meta({ description: "A real control plane on this machine, with simulated nodes." }),
  name: name().default("local").meta({ description: "Name of its folder; several clusters live side by side." }),
  kubernetesVersion: z
    .literal(EMBEDDED_KUBERNETES_VERSION)
    .default(EMBEDDED_KUBERNETES_VERSION)
    .meta({ description: "The one version whose programs the set-up builds." }),
  nodes: z
    .strictObject({
      kind: z.literal("simulated").default("simulated").meta({ description: "Nodes that KWOK simulates." }),
      count: z
        .int()
        .min(1)
        .max(50)
        .default(3)
        .meta({ description: "Three, so that spreading over nodes can be seen." }),
    })
    .prefault({}),
});

const label = pattern(/^([a-z0-9]([a-z0-9_-]{0,61}[a-z0-9])?)?$/, "is not a label value of Google Cloud", {
  allowed: "at most 63 of a-z, 0-9, '_' and '-'",
  fix: "use lower case",
});

const gke = z.strictObject({
  provider: z.literal("gke").meta({ description: "A private GKE cluster with its network and keys." }),
  name: pattern(/^[a-z]([a-z0-9-]{0,22}[a-z0-9])?$/, "is not a cluster name", {
    allowed: "1 to 24 of a-z, 0-9 and '-', starting with a letter (the nodes' service account appends '-nodes')",
    fix: "shorten it, in lower case",
  }).meta({ description: "Name of cluster, network and service account." }),
  location: pattern(/^[a-z]+-[a-z]+\d+$/, "is not a Google Cloud region", {
    allowed: "a region such as europe-west1; a zone (europe-west1-b) would give a control plane without redundancy",
    fix: "leave the zone's letter out",
  }).meta({ description: "Region of the cluster: its control plane is in three zones." }),
  projectNumber: pattern(/^\d{6,19}$/, "is not a project number", {
    allowed: "6 to 19 digits, in quotes",
    fix: "ask `gcloud projects describe PROJECT --format='value(projectNumber)'`",
  }).meta({
    description:
      "Number of the project `gcp:project`. Google names its service agents by it, and a preview must know it without an account.",
  }),
  releaseChannel: z
    .enum(["REGULAR", "STABLE", "RAPID"])
    .default("REGULAR")
    .meta({ description: "Who decides on upgrades. REGULAR gets security fixes soon without being first." }),
  kubernetesVersion: kubernetesVersion()
    .default("1.35")
    .meta({ description: "What charts are rendered for; the release channel decides which patch runs." }),
  ranges: z
    .strictObject({
      nodes: cidrBetween(8, 24).default("10.10.0.0/20").meta({ description: "Primary range: one address a node." }),
      pods: cidrBetween(8, 21).default("10.16.0.0/14").meta({ description: "GKE gives each node a /24 of it." }),
      services: cidrBetween(8, 24).default("10.20.0.0/20").meta({ description: "Cluster IPs of Services." }),
      controlPlane: cidrBetween(28, 28).default("172.16.0.0/28").meta({ description: "GKE wants exactly a /28." }),
    })
    .prefault({}),
  authorizedNetworks: z
    .array(
      z.strictObject({
        name: name().meta({ description: "Who that is." }),
        cidr: cidr().meta({ description: "Block that may reach the API server's address." }),
      }),
    )
    .default([])
    .meta({ description: "Nobody but the nodes reaches the API server by its address unless named here." }),
  dataplane: z
    .enum(["v2", "cilium"])
    .default("v2")
    .meta({ description: "`v2`: Google runs Cilium. `cilium`: we do, which its layer 7 policies need." }),
  nodePool: z
    .strictObject({
      machineType: pattern(/^[a-z]\d[a-z]?-[a-z]+(-\d+)?(-\d+)?$/, "is not a machine type", {
        allowed: "a machine type of Google Compute Engine",
        fix: "write it like e2-standard-4",
      })
        .default("e2-standard-4")
        .meta({ description: "4 cores and 16 GiB hold the mesh, the platform and fi-fhir." }),
      minPerZone: z.int().min(0).max(100).default(1).meta({ description: "One a zone, so that a zone may fail." }),
      maxPerZone: z.int().min(1).max(100).default(3).meta({ description: "Bound of the autoscaler, and of the bill." }),
    })
    .prefault({}),
  kms: z
    .strictObject({
      keyRing: word("a key ring name")
        .default("fhir-landing-zone")
        .meta({ description: "Key ring in the cluster's region." }),
      key: word("a key name")
        .default("kubernetes-secrets")
        .meta({ description: "Key for Secrets in etcd and for disks." }),
    })
    .prefault({}),
  deletionProtection: z.boolean().default(true).meta({ description: "Nobody loses a cluster by one wrong `destroy`." }),
  privateEndpoint: z.boolean().default(true).meta({ description: "The API server has no public address." }),
  labels: z
    .record(z.string(), label)
    .default({})
    .meta({ description: "Labels of the cluster, for billing and owners." }),
});

const existing = z.strictObject({
  provider: z.literal("existing").meta({ description: "A cluster that somebody else owns." }),
  kubernetesVersion: kubernetesVersion().meta({
    description: "What charts are rendered for. Given, because a preview does not ask the cluster.",
  }),
  apiServerCidrs: z
    .array(egressCidr())
    .min(1)
    .meta({ description: "Blocks that its API server is in, for the NetworkPolicies of controllers." }),
  context: word("a context name")
    .optional()
    .meta({ description: "Context in the kubeconfig; its current one if not set." }),
  stackReference: pattern(/^[^/\s]+\/[^/\s]+\/[^/\s]+$/, "is not a full stack name", {
    allowed: "ORGANIZATION/PROJECT/STACK ('organization' is the organization of a file or bucket backend)",
    fix: "write it like organization/fhir-cluster/prod",
  })
    .optional()
    .meta({ description: "Stack whose output `kubeconfig` is used, instead of the secret `kubeconfig`." }),
});

export const cluster = z
  .discriminatedUnion("provider", [embedded, gke, existing])
  .meta({ description: "Where everything runs." });

export const gcp = {
  project: pattern(/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/, "is not a project ID", {
    allowed: "6 to 30 of a-z, 0-9 and '-', starting with a letter: the ID, not the number or display name",
    fix: "list the IDs with `gcloud projects list`",
  }).meta({ description: "Google Cloud project ID." }),
  region: pattern(/^[a-z]+-[a-z]+\d+$/, "is not a Google Cloud region", {
    allowed: "a region such as europe-west1",
    fix: "leave the zone's letter out",
  }).meta({ description: "Default region; the same as `cluster.location`." }),
};
