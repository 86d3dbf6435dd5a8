import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

/* The program of kubernetes-conformance.test.ts. Config decides what it asks for; nothing in it names a plugin. */

const config = new pulumi.Config();
/** 1: first version, 2: changed in place, 3: changed where that needs a new object. */
const version = config.requireNumber("version");
const extras = new Set((config.get("extras") ?? "").split(",").filter((extra) => extra !== ""));

const provider = new k8s.Provider("cluster", {
  kubeconfig: config.requireSecret("kubeconfig"),
  enableConfigMapMutable: true,
  enableSecretMutable: true,
});
const options = { provider };

const namespace = new k8s.core.v1.Namespace("shop", { metadata: { name: "shop" } }, options);
const inShop = { ...options, dependsOn: namespace };

new k8s.core.v1.ConfigMap(
  "settings",
  { metadata: { name: "settings", namespace: "shop" }, data: { color: version < 2 ? "blue" : "green", size: "4" } },
  inShop,
);

export const generatedName = new k8s.core.v1.ConfigMap(
  "generated",
  { metadata: { namespace: "shop" }, immutable: true, data: { version: version < 3 ? "old" : "new" } },
  inShop,
).metadata.name;

export const credentials = new k8s.core.v1.Secret(
  "credentials",
  {
    metadata: { name: "credentials", namespace: "shop" },
    stringData: { password: config.requireSecret("password"), user: "reader" },
    data: { token: config.requireSecret("token").apply((token) => Buffer.from(token).toString("base64")) },
  },
  inShop,
).data;

const labels: Record<string, string> = version < 3 ? { app: "web" } : { app: "web", tier: "front" };

function deployment(
  name: string,
  image: string,
  matchLabels: Record<string, string>,
  hardware?: string,
): k8s.types.input.apps.v1.Deployment {
  return {
    metadata: {
      name,
      namespace: "shop",
      ...(hardware ? { annotations: { "pulumi.com/timeoutSeconds": hardware === "slow" ? "120" : "3" } } : {}),
    },
    spec: {
      replicas: 1,
      selector: { matchLabels },
      template: {
        metadata: { labels: matchLabels },
        spec: {
          nodeSelector: hardware ? { hardware } : {},
          containers: [
            {
              name: "main",
              image,
              env: [{ name: "PASSWORD", value: config.requireSecret("password") }],
              resources: { limits: { memory: "1024Mi", cpu: "0.5" } },
            },
          ],
        },
      },
    },
  };
}

const web = new k8s.apps.v1.Deployment(
  "web",
  deployment("web", `registry.example/web:${version < 2 ? "1" : "2"}`, labels),
  inShop,
);

export const address = new k8s.core.v1.Service(
  "web",
  {
    metadata: { name: "web", namespace: "shop" },
    spec: { selector: { app: "web" }, ports: [{ port: 80, targetPort: 8080 }] },
  },
  { ...options, dependsOn: web },
).spec.clusterIP;

new k8s.batch.v1.Job(
  "migrate",
  {
    metadata: { name: "migrate", namespace: "shop" },
    spec: {
      template: {
        spec: { restartPolicy: "Never", containers: [{ name: "main", image: "registry.example/migrate:1" }] },
      },
    },
  },
  inShop,
);

const definition = new k8s.apiextensions.v1.CustomResourceDefinition(
  "widgets",
  {
    metadata: { name: "widgets.example.com" },
    spec: {
      group: "example.com",
      scope: "Namespaced",
      names: { kind: "Widget", plural: "widgets", singular: "widget" },
      versions: [
        {
          name: "v1",
          served: true,
          storage: true,
          schema: {
            openAPIV3Schema: {
              type: "object",
              properties: { spec: { type: "object", properties: { size: { type: "integer" } } } },
            },
          },
        },
      ],
    },
  },
  options,
);

new k8s.apiextensions.CustomResource(
  "widget",
  {
    apiVersion: "example.com/v1",
    kind: "Widget",
    metadata: { name: "widget", namespace: "shop" },
    spec: { size: version },
  },
  { ...options, dependsOn: [definition, namespace] },
);

new k8s.core.v1.ServiceAccountPatch(
  "default",
  { metadata: { name: "default", namespace: "kube-public" }, automountServiceAccountToken: false },
  options,
);

if (extras.has("import")) {
  new k8s.core.v1.ConfigMap(
    "legacy",
    { metadata: { name: "legacy", namespace: "shop" }, data: { since: "1999" } },
    { ...inShop, import: "shop/legacy" },
  );
}
if (extras.has("taken")) {
  new k8s.core.v1.ConfigMap("taken", { metadata: { name: "taken", namespace: "shop" }, data: { mine: "yes" } }, inShop);
}
if (extras.has("stuck")) {
  new k8s.apps.v1.Deployment(
    "stuck",
    deployment("stuck", "registry.example/stuck:1", { app: "stuck" }, "quantum"),
    inShop,
  );
}
if (extras.has("freed")) {
  new k8s.apps.v1.Deployment("stuck", deployment("stuck", "registry.example/stuck:1", { app: "stuck" }), inShop);
}
if (extras.has("slow")) {
  // Waits for minutes: long enough to be cancelled or killed meanwhile.
  new k8s.apps.v1.Deployment("slow", deployment("slow", "registry.example/slow:1", { app: "slow" }, "slow"), inShop);
}
if (extras.has("hurried")) {
  new k8s.apps.v1.Deployment("slow", deployment("slow", "registry.example/slow:1", { app: "slow" }), inShop);
}
if (extras.has("refused")) {
  new k8s.core.v1.Pod(
    "refused",
    {
      metadata: { name: "refused", namespace: "tight" },
      spec: { containers: [{ name: "main", image: "registry.example/x:1" }] },
    },
    options,
  );
}
if (extras.has("unknown-field")) {
  const metadata = { name: "unknown-field", namespace: "shop" };
  new k8s.apiextensions.CustomResource(
    "unknown-field",
    { apiVersion: "v1", kind: "ConfigMap", metadata, dada: { a: "b" } },
    inShop,
  );
}
