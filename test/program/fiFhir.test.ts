/* eslint-disable @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-assignment,
   @typescript-eslint/no-unsafe-argument, @typescript-eslint/no-unsafe-call,
   @typescript-eslint/no-unsafe-return --
   objects of twenty kinds are looked into field by field; a path that does not exist fails its assertion */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { stringify } from "yaml";
import { FiFhir, type FiFhirArgs } from "../../components/systems/fiFhir";
import { find, graphOf, kubernetesObjects, unknownsOf, type Graph, type KubernetesObject } from "../support/graph";
import { FI_FHIR, FI_FHIR_EXTERNAL } from "./examples/fi-fhir";

const GOLDEN = path.join(__dirname, "golden", "fi-fhir.yaml");

function build(args: FiFhirArgs, preview = false): Promise<Graph> {
  return graphOf(
    (provider) => {
      new FiFhir("fi-fhir", args, { providers: [provider] });
    },
    { preview },
  );
}

describe("FiFhir", function () {
  this.timeout(30_000);
  let graph: Graph;
  let objects: KubernetesObject[];
  let pods: { owner: string; pod: KubernetesObject }[];

  before(async () => {
    graph = await build(FI_FHIR);
    objects = kubernetesObjects(graph);
    pods = objects.flatMap((object) => {
      const pod = object.kind === "CronJob" ? object.spec.jobTemplate.spec.template : object.spec?.template;
      return pod === undefined ? [] : [{ owner: `${object.kind}/${object.metadata.name}`, pod }];
    });
    assert.equal(pods.length, 10);
  });

  const one = (kind: string, name: string, namespace?: string): KubernetesObject => find(graph, kind, name, namespace);
  const server = (): KubernetesObject => one("Deployment", "fi-fhir").spec.template.spec;
  const container = (): KubernetesObject => server().containers[0];

  it("is the golden graph", () => {
    const golden = goldenOf(graph);
    if (process.env.UPDATE_GOLDEN === "1") {
      mkdirSync(path.dirname(GOLDEN), { recursive: true });
      writeFileSync(GOLDEN, golden);
    }
    assert.equal(
      golden,
      readFileSync(GOLDEN, "utf8"),
      "run UPDATE_GOLDEN=1 npx mocha test/program/fiFhir.test.ts and review the diff",
    );
  });

  it("is the same, and wholly known, at preview with a cluster that does not exist", async () => {
    const preview = await build(FI_FHIR, true);
    assert.deepEqual(unknownsOf(preview), []);
    assert.equal(goldenOf(preview), goldenOf(graph));
  });

  it("uses the one provider that it is given", () => {
    const used = new Set(graph.objects.map(({ provider }) => provider.replace(/::[^:]*$/, "")));
    assert.equal(used.size, 1);
    assert.match([...used][0] ?? "", /pulumi:providers:kubernetes::cluster$/);
  });

  it("names every object and its namespace in literals", () => {
    for (const { kind, metadata } of objects) {
      assert.match(metadata.name, /^[a-z0-9-]+$/, kind);
      if (kind !== "Namespace") assert.ok(metadata.namespace, `${kind}/${metadata.name}`);
    }
  });

  for (const namespace of ["fi-fhir", "database"]) {
    it(`S4.12: ${namespace} enforces Pod Security restricted at v1.36`, () => {
      const { labels = {} } = one("Namespace", namespace).metadata;
      for (const mode of ["enforce", "audit", "warn"]) {
        assert.equal(labels[`pod-security.kubernetes.io/${mode}`], "restricted");
        assert.equal(labels[`pod-security.kubernetes.io/${mode}-version`], "v1.36");
      }
    });

    it(`S4.19: ${namespace} denies everything first`, () => {
      const deny = one("NetworkPolicy", `${namespace}-default-deny`, namespace);
      assert.deepEqual(deny.spec, { podSelector: {}, policyTypes: ["Ingress", "Egress"] });
    });

    it(`S4.39: the default account of ${namespace} has no token`, () => {
      assert.equal(one("ServiceAccount", "default", namespace).automountServiceAccountToken, false);
    });
  }

  it("S4.13: every pod runs as a user of its own, not root, with seccomp", () => {
    for (const { owner, pod } of pods) {
      const { runAsNonRoot, runAsUser, fsGroup, seccompProfile } = pod.spec.securityContext;
      assert.equal(runAsNonRoot, true, owner);
      assert.equal(
        runAsUser,
        /database|archive|backup|restore/.test(owner) && !owner.includes("config") ? 999 : 65532,
        owner,
      );
      assert.equal(fsGroup, runAsUser, owner);
      assert.deepEqual(seccompProfile, { type: "RuntimeDefault" }, owner);
    }
  });

  it("S4.14: every container has a read-only root, no capabilities and no escalation", () => {
    for (const { owner, pod } of pods) {
      for (const { securityContext } of pod.spec.containers) {
        assert.equal(securityContext.readOnlyRootFilesystem, true, owner);
        assert.equal(securityContext.allowPrivilegeEscalation, false, owner);
        assert.deepEqual(securityContext.capabilities, { drop: ["ALL"] }, owner);
      }
      for (const volume of pod.spec.volumes) if (volume.emptyDir) assert.ok(volume.emptyDir.sizeLimit, owner);
    }
  });

  it("S4.15: fi-fhir has the seed's resources, and every container has all six amounts", () => {
    assert.deepEqual(container().resources, {
      limits: { cpu: "500m", memory: "512Mi", "ephemeral-storage": "100Mi" },
      requests: { cpu: "100m", memory: "128Mi", "ephemeral-storage": "50Mi" },
    });
    for (const { owner, pod } of pods) {
      for (const { resources } of pod.spec.containers) {
        assert.equal(
          Object.keys({ ...resources.limits }).length + Object.keys({ ...resources.requests }).length,
          6,
          owner,
        );
      }
    }
  });

  it("S4.16: a disruption budget in the namespace keeps one of two pods", () => {
    const budget = one("PodDisruptionBudget", "fi-fhir", "fi-fhir");
    assert.equal(budget.spec.minAvailable, 1);
    assert.deepEqual(budget.spec.selector.matchLabels, { "app.kubernetes.io/name": "fi-fhir" });
    assert.equal(one("Deployment", "fi-fhir").spec.replicas, 2);
  });

  it("S4.17: ports, probes and Service of fi-fhir", () => {
    assert.deepEqual(container().ports, [
      { name: "http", containerPort: 8080, protocol: "TCP" },
      { name: "metrics", containerPort: 9090, protocol: "TCP" },
    ]);
    assert.equal(container().livenessProbe.httpGet.path, "/health");
    assert.equal(container().readinessProbe.httpGet.path, "/ready");
    assert.ok(container().startupProbe);
    const ports = one("Service", "fi-fhir").spec.ports as { name: string; port: number }[];
    assert.deepEqual(
      ports.map(({ name, port }) => [name, port]),
      [
        ["http", 8080],
        ["http-metrics", 9090],
      ],
    );
  });

  it("S4.17: no job's pod is behind the Service or counted by the budget", () => {
    for (const { owner, pod } of pods.filter((entry) => entry.owner !== "Deployment/fi-fhir")) {
      assert.notEqual(pod.metadata.labels?.["app.kubernetes.io/name"], "fi-fhir", owner);
    }
  });

  it("S4.18: configuration is a ConfigMap, and no plain Secret is written", () => {
    assert.deepEqual(Object.keys(one("ConfigMap", "fi-fhir").data), ["config.yaml", "workflow.yaml"]);
    assert.deepEqual(
      objects.filter(({ kind }) => kind === "Secret"),
      [],
    );
  });

  it("S4.20: only the gateway reaches 8080, only Prometheus 9090", () => {
    assert.deepEqual(one("NetworkPolicy", "fi-fhir-allow-ingress", "fi-fhir").spec.ingress, [
      { from: [peer("istio-ingress", { istio: "ingress" })], ports: [tcp(8080)] },
      { from: [peer("monitoring", { "app.kubernetes.io/name": "prometheus" })], ports: [tcp(9090), tcp(15090)] },
    ]);
  });

  it("S4.21: fi-fhir reaches DNS, istiod, its FHIR server, its database and the collector", () => {
    const { spec } = one("NetworkPolicy", "fi-fhir-allow-egress", "fi-fhir");
    assert.deepEqual(spec.podSelector, { matchLabels: { "app.kubernetes.io/name": "fi-fhir" } });
    assert.deepEqual(spec.egress, [
      { to: [peer("kube-system", { "k8s-app": "kube-dns" })], ports: [{ protocol: "UDP", port: 53 }, tcp(53)] },
      { to: [peer("istio-system", { app: "istiod" })], ports: [tcp(15012)] },
      { to: [{ ipBlock: { cidr: "10.20.30.0/28" } }], ports: [tcp(443)] },
      { to: [peer("database", { "app.kubernetes.io/name": "fi-fhir-database" })], ports: [tcp(5432)] },
      { to: [peer("monitoring", { "app.kubernetes.io/name": "jaeger" })], ports: [tcp(4317)] },
    ]);
  });

  it("S4.21: the database takes fi-fhir on 5432 and its own backup jobs on 8432", () => {
    const { spec } = one("NetworkPolicy", "fi-fhir-database-allow-ingress", "database");
    const values = ["fi-fhir", "fi-fhir-dlq-replay", "fi-fhir-maintenance"];
    assert.deepEqual(spec.ingress, [
      {
        from: [
          {
            namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "fi-fhir" } },
            podSelector: { matchExpressions: [{ key: "app.kubernetes.io/name", operator: "In", values }] },
          },
        ],
        ports: [tcp(5432)],
      },
      { from: [peer("database", { "app.kubernetes.io/name": "fi-fhir-backup" })], ports: [tcp(8432)] },
    ]);
  });

  it("S4.21: every pod of both namespaces has an egress policy with DNS; meshed ones reach istiod (X.5)", () => {
    for (const { owner, pod } of pods) {
      const namespace = objects.find(({ kind, metadata }) => `${kind}/${metadata.name}` === owner)?.metadata.namespace;
      const policy = objects.find(
        (object) =>
          object.kind === "NetworkPolicy" &&
          object.metadata.namespace === namespace &&
          object.spec.egress !== undefined &&
          object.spec.podSelector.matchLabels?.["app.kubernetes.io/name"] ===
            pod.metadata.labels?.["app.kubernetes.io/name"],
      );
      const text = JSON.stringify(policy?.spec.egress ?? "");
      assert.match(text, /kube-dns/, owner);
      assert.equal(text.includes("15012"), namespace === "fi-fhir", owner);
    }
  });

  it("S4.22: mutual TLS is STRICT for the namespace", () => {
    const policy = one("PeerAuthentication", "fi-fhir-mtls", "fi-fhir");
    assert.equal(policy.apiVersion, "security.istio.io/v1");
    assert.deepEqual(policy.spec, { mtls: { mode: "STRICT" } });
  });

  it("S4.23: the gateway may GET and POST three paths, Prometheus may GET /metrics, nobody else anything", () => {
    assert.deepEqual(one("AuthorizationPolicy", "fi-fhir-deny-all", "fi-fhir").spec, {});
    assert.deepEqual(one("AuthorizationPolicy", "fi-fhir-authz", "fi-fhir").spec.rules, [
      {
        from: [{ source: { principals: ["clinic.example.com/ns/istio-ingress/sa/istio-ingress"] } }],
        to: [{ operation: { ports: ["8080"], methods: ["GET", "POST"], paths: ["/api/*", "/health", "/ready"] } }],
      },
      {
        from: [{ source: { principals: ["clinic.example.com/ns/monitoring/sa/prometheus"] } }],
        to: [{ operation: { ports: ["9090"], methods: ["GET"], paths: ["/metrics"] } }],
      },
    ]);
  });

  it("S4.26: each namespace has a SecretStore of its own ServiceAccount", () => {
    for (const [namespace, role] of [
      ["fi-fhir", "fi-fhir"],
      ["database", "fi-fhir-database"],
    ]) {
      const { vault } = one("SecretStore", "vault-backend", namespace).spec.provider;
      assert.equal(vault.server, "https://vault.example.com");
      assert.ok(vault.caBundle);
      assert.equal(vault.auth.kubernetes.role, role);
      assert.deepEqual(vault.auth.kubernetes.serviceAccountRef, { name: role, audiences: ["vault"] });
      assert.ok(one("ServiceAccount", role ?? "", namespace));
    }
  });

  it("S4.27, S4.33: the Secret fi-fhir has password, token and payload key", () => {
    const { apiVersion, spec } = one("ExternalSecret", "fi-fhir-secrets", "fi-fhir");
    assert.equal(apiVersion, "external-secrets.io/v1");
    assert.deepEqual([spec.target.name, spec.target.creationPolicy, spec.refreshInterval], ["fi-fhir", "Owner", "1h"]);
    assert.deepEqual(spec.data, [
      { secretKey: "database-password", remoteRef: { key: "fi-fhir/database", property: "password" } },
      { secretKey: "fhir-bearer-token", remoteRef: { key: "fi-fhir/fhir", property: "bearer_token" } },
      { secretKey: "encryption-key", remoteRef: { key: "fi-fhir/encryption", property: "key" } },
    ]);
  });

  it("S4.27: no Secret is in any environment, and a pod sees only the keys that it needs", () => {
    for (const { owner, pod } of pods) {
      assert.doesNotMatch(JSON.stringify(pod.spec), /secretKeyRef|secretRef|envFrom/, owner);
      for (const { secret } of pod.spec.volumes) if (secret !== undefined) assert.ok(secret.items.length > 0, owner);
      const keys = JSON.stringify(pod.spec.volumes);
      assert.equal(
        keys.includes("fhir-bearer-token"),
        ["Deployment/fi-fhir", "CronJob/fi-fhir-dlq-replay"].includes(owner),
        owner,
      );
    }
  });

  it("S4.30, S4.5: TLS 1.3 at the gateway, http is redirected, other paths are 403", () => {
    const [https, http] = one("Gateway", "fi-fhir").spec.servers;
    assert.equal(https.tls.minProtocolVersion, "TLSV1_3");
    assert.equal(https.tls.credentialName, "fi-fhir-tls");
    assert.deepEqual(http.tls, { httpsRedirect: true });
    const routes = one("VirtualService", "fi-fhir").spec.http;
    assert.deepEqual(routes[0].match, [
      { uri: { prefix: "/api/" } },
      { uri: { exact: "/health" } },
      { uri: { exact: "/ready" } },
    ]);
    assert.deepEqual(routes[1].directResponse, { status: 403 });
  });

  it("S4.31: the public certificate is where the gateway reads it", () => {
    const { spec } = one("Certificate", "fi-fhir-tls", "istio-ingress");
    assert.deepEqual(spec.issuerRef, { group: "cert-manager.io", kind: "ClusterIssuer", name: "letsencrypt-prod" });
    assert.deepEqual(spec.dnsNames, ["fi-fhir.example.com"]);
  });

  it("S4.30: ingress-nginx as an option, with the allowed paths only", async () => {
    const nginx = await build({ ...FI_FHIR, ingress: "nginx" });
    const { metadata, spec } = find(nginx, "Ingress", "fi-fhir", "fi-fhir");
    assert.deepEqual(spec.tls, [{ hosts: ["fi-fhir.example.com"], secretName: "fi-fhir-tls" }]);
    const paths = spec.rules[0].http.paths as { path: string; pathType: string }[];
    assert.deepEqual(
      paths.map(({ path: route, pathType }) => [route, pathType]),
      [
        ["/api", "Prefix"],
        ["/health", "Exact"],
        ["/ready", "Exact"],
      ],
    );
    assert.equal(metadata.annotations?.["nginx.ingress.kubernetes.io/ssl-redirect"], "true");
    assert.equal(metadata.annotations["nginx.ingress.kubernetes.io/proxy-ssl-protocols"], undefined);
    const [rule] = find(nginx, "AuthorizationPolicy", "fi-fhir-authz").spec.rules;
    assert.deepEqual(rule.from[0].source.principals, ["clinic.example.com/ns/ingress-nginx/sa/ingress-nginx"]);
    assert.throws(() => find(nginx, "Gateway", "fi-fhir"), /0 objects/);
    assert.ok(find(nginx, "Certificate", "fi-fhir-tls", "fi-fhir"));
  });

  it("S4.32: verify-full against the authority that signed the database's certificate", () => {
    assert.match(one("ConfigMap", "fi-fhir").data["config.yaml"], /sslMode: verify-full/);
    const { spec } = one("Certificate", "fi-fhir-database-tls", "database");
    assert.deepEqual(spec.dnsNames[0], "fi-fhir-database.database.svc.cluster.local");
    assert.equal(one("Certificate", "fi-fhir-database-client", "fi-fhir").spec.commonName, "fi_fhir");
    const postgres = one("ConfigMap", "fi-fhir-database").data;
    assert.match(postgres["postgresql.conf"], /ssl_min_protocol_version = 'TLSv1\.3'/);
    assert.match(
      postgres["pg_hba.conf"],
      /hostssl fi_fhir {2}fi_fhir {2}all {2}scram-sha-256 {2}clientcert=verify-full/,
    );
    assert.doesNotMatch(postgres["pg_hba.conf"], /\s(trust|md5|password)\s*$/m);
  });

  it("S4.33: pgcrypto, and a log in which neither key nor patient can be", () => {
    const scripts = one("ConfigMap", "fi-fhir-database-scripts").data;
    assert.match(scripts["database.sql"], /CREATE EXTENSION IF NOT EXISTS pgcrypto/);
    assert.match(scripts["database.sql"], /pgp_sym_encrypt\(payload, current_setting\('app\.encryption_key'\)/);
    const conf = one("ConfigMap", "fi-fhir-database").data["postgresql.conf"];
    for (const setting of [
      "log_statement = 'none'",
      "log_min_error_statement = 'panic'",
      "log_error_verbosity = 'terse'",
    ]) {
      assert.ok(conf.includes(setting), setting);
    }
  });

  it("S4.34: JSON logs at info, tracing on", () => {
    const env = Object.fromEntries(container().env.map(({ name, value }: Record<string, string>) => [name, value]));
    assert.deepEqual(
      [env.FI_FHIR_LOG_LEVEL, env.FI_FHIR_LOG_FORMAT, env.FI_FHIR_TRACING_ENABLED, env.OTEL_EXPORTER_OTLP_ENDPOINT],
      ["info", "json", "true", "http://jaeger.monitoring.svc.cluster.local:4317"],
    );
  });

  it("S4.37, S4.38: operators read, patch deployments, and nothing else", () => {
    assert.deepEqual(one("Role", "fi-fhir-operator", "fi-fhir").rules, [
      { apiGroups: [""], resources: ["pods", "services", "configmaps"], verbs: ["get", "list", "watch"] },
      { apiGroups: ["apps"], resources: ["deployments"], verbs: ["get", "list", "watch", "update", "patch"] },
      { apiGroups: [""], resources: ["pods/log"], verbs: ["get", "list"] },
    ]);
    const { roleRef, subjects, metadata } = one("RoleBinding", "fi-fhir-operators", "fi-fhir");
    assert.equal(roleRef.name, "fi-fhir-operator");
    assert.deepEqual(subjects, [{ kind: "Group", name: "fi-fhir-operators", apiGroup: "rbac.authorization.k8s.io" }]);
    assert.equal(metadata.labels?.["fhir-landing-zone/privileged"], "true");
  });

  it("S4.39: no account and no pod has a token, and no pod uses the default account", () => {
    for (const account of objects.filter(({ kind }) => kind === "ServiceAccount")) {
      assert.equal(account.automountServiceAccountToken, false, account.metadata.name);
    }
    for (const { owner, pod } of pods) {
      assert.equal(pod.spec.automountServiceAccountToken, false, owner);
      assert.notEqual(pod.spec.serviceAccountName ?? "default", "default", owner);
    }
  });

  it("S4.40 to S4.44: the rules are there, those of the objectives too", () => {
    const { groups } = one("PrometheusRule", "fi-fhir-critical", "fi-fhir").spec;
    const rules = groups.flatMap((group: { rules: { alert: string }[] }) => group.rules.map(({ alert }) => alert));
    for (const alert of [
      "FiFhirHighErrorRate",
      "FiFhirDLQBacklog",
      "FiFhirCircuitBreakerOpen",
      "FiFhirAvailabilityBelowObjective",
      "FiFhirLatencyAboveObjective",
      "FiFhirErrorRateAboveObjective",
      "FiFhirBackupTooOld",
      "FiFhirSecretsNotSynced",
    ]) {
      assert.ok(rules.includes(alert), alert);
    }
  });

  it("S4.45: 9090 is scraped with the mesh's certificate, the sidecar beside it", () => {
    const [endpoint] = one("ServiceMonitor", "fi-fhir").spec.endpoints;
    assert.deepEqual([endpoint.port, endpoint.scheme], ["http-metrics", "https"]);
    assert.equal(endpoint.tlsConfig.certFile, "/etc/prom-certs/cert-chain.pem");
    assert.equal(one("PodMonitor", "fi-fhir-proxy").spec.podMetricsEndpoints[0].port, "http-envoy-prom");
  });

  it("S4.46, S4.49: backups are encrypted, daily, into the bucket, and a restore reads the same repository", () => {
    const [backup, restore, archive] = ["fi-fhir-backup", "fi-fhir-restore", "fi-fhir-database"].map(
      (name) => one("ConfigMap", name, "database").data["pgbackrest.conf"] as string,
    );
    for (const conf of [backup, restore, archive]) {
      assert.match(
        conf ?? "",
        /^repo1-type=gcs\nrepo1-gcs-bucket=clinic-fi-fhir-backups\nrepo1-gcs-key-type=auto\nrepo1-path=\/production$/m,
      );
      assert.match(conf ?? "", /^repo1-cipher-type=aes-256-cbc$/m);
    }
    assert.equal(one("CronJob", "fi-fhir-backup").spec.schedule, "0 2 * * *");
    assert.equal(one("CronJob", "fi-fhir-restore").spec.suspend, true);
    const { annotations } = one("ServiceAccount", "fi-fhir-backup").metadata;
    assert.equal(annotations?.["iam.gke.io/gcp-service-account"], "fi-fhir-backup@clinic.iam.gserviceaccount.com");
  });

  it("S4.47: the workflow configuration is backed up daily", () => {
    const { spec } = one("CronJob", "fi-fhir-config-backup", "fi-fhir");
    assert.equal(spec.suspend, false);
    assert.match(JSON.stringify(spec), /"configMap":\{"name":"fi-fhir"\}/);
  });

  it("S4.51: the dead letter queue can be replayed", () => {
    const { spec } = one("CronJob", "fi-fhir-dlq-replay", "fi-fhir");
    assert.equal(spec.suspend, true);
    const [replay] = spec.jobTemplate.spec.template.spec.containers;
    assert.deepEqual(
      [...replay.command, ...replay.args],
      ["/fi-fhir", "workflow", "replay", "--dlq", "--since", "24h"],
    );
  });

  it("S4.52: WAL is archived every minute and pods leave a lost node after 30 s", () => {
    assert.match(one("ConfigMap", "fi-fhir-database").data["postgresql.conf"], /archive_timeout = '60s'/);
    for (const { tolerationSeconds } of server().tolerations) assert.equal(tolerationSeconds, 30);
    assert.equal(server().topologySpreadConstraints[0].topologyKey, "kubernetes.io/hostname");
  });

  it("S4.55: certificates are renewed with new keys", () => {
    for (const { spec } of objects.filter(({ kind }) => kind === "Certificate")) {
      assert.deepEqual([spec.duration, spec.renewBefore], ["2160h0m0s", "720h0m0s"]);
      assert.equal(spec.privateKey.rotationPolicy, "Always");
    }
  });

  it("Q.9: with an external database nothing is in namespace database, and only its address is open", async () => {
    const external = await build(FI_FHIR_EXTERNAL);
    const inside = kubernetesObjects(external).filter(({ metadata }) =>
      [metadata.namespace, metadata.name].includes("database"),
    );
    assert.deepEqual(inside, []);
    const { egress } = find(external, "NetworkPolicy", "fi-fhir-allow-egress").spec;
    assert.deepEqual(egress[3], { to: [{ ipBlock: { cidr: "10.20.40.8/32" } }], ports: [tcp(5432)] });
    assert.match(find(external, "ConfigMap", "fi-fhir-database-ca").data["ca.crt"], /BEGIN CERTIFICATE/);
  });

  it("takes an image without digest, for dev: whether that is allowed is the policy pack's to say", async () => {
    const dev = await build({ ...FI_FHIR, image: "fi-fhir:dev" });
    assert.equal(find(dev, "Deployment", "fi-fhir").spec.template.spec.containers[0].imagePullPolicy, "Always");
  });

  it("refuses wrong arguments before anything is registered", async () => {
    const registered: string[] = [];
    const graphWithError = await graphOf(() => {
      assert.throws(() => new FiFhir("fi-fhir", { ...FI_FHIR, hostname: "*" }), /FiFhir: hostname is no DNS name/);
    });
    registered.push(...graphWithError.all.map(({ type }) => type));
    assert.deepEqual(registered, ["pulumi:providers:kubernetes"]);
  });
});

function peer(namespace: string, matchLabels: Record<string, string>) {
  return {
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
    podSelector: { matchLabels },
  };
}

function tcp(port: number) {
  return { protocol: "TCP", port };
}

/** Every object with all its fields; components by name only, because their arguments are in their objects. */
function goldenOf(graph: Graph): string {
  const entries = graph.all
    .filter(({ type }) => !type.startsWith("pulumi:"))
    .map(({ type, name, inputs }) => (type.startsWith("kubernetes:") ? { type, name, inputs } : { type, name }));
  return stringify(entries, { aliasDuplicateObjects: false, lineWidth: 0, sortMapEntries: true });
}
