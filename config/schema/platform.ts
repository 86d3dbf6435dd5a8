import { z } from "zod";
import { caBundle, httpsUrl, name, namespace, relativePath, sha256, text, trustDomain, word } from "../scalars";
import { egressCidr } from "../scalarsNetwork";

export const mesh = z
  .strictObject({
    trustDomain: trustDomain()
      .default("cluster.local")
      .meta({ description: "Every principal is built from this one (Istio's default)." }),
    revision: name().default("default").meta({ description: "Istio revision or tag in the label `istio.io/rev`." }),
    controlPlaneNamespace: namespace()
      .default("istio-system")
      .meta({ description: "Where istiod runs: sidecars must reach it." }),
    gateway: z
      .strictObject({
        namespace: namespace()
          .default("istio-ingress")
          .meta({ description: "Where the ingress gateway runs: the only way in." }),
        serviceAccount: name().default("istio-ingressgateway").meta({ description: "Its identity in policies." }),
        labels: z
          .record(z.string(), z.string())
          .default({ istio: "ingressgateway" })
          .meta({ description: "Labels of its pods, selected by Gateway and NetworkPolicy." }),
      })
      .prefault({}),
  })
  .meta({ description: "The Istio mesh that systems join." });

const paths = {
  kvMount: word("a mount").default("secret").meta({ description: "KV v2 mount that secrets are read from." }),
  authMount: word("a mount").default("kubernetes").meta({ description: "Mount of the Kubernetes auth method." }),
  audience: word("an audience").default("vault").meta({
    description: "Audience of the ServiceAccount tokens shown to Vault: a token for the API server is no good there.",
  }),
};

export const vault = z
  .discriminatedUnion("provider", [
    z.strictObject({
      provider: z.literal("embedded").meta({ description: "Vault as a process next to the embedded cluster." }),
      ...paths,
    }),
    z.strictObject({
      provider: z.literal("external").meta({ description: "A Vault that somebody else runs." }),
      server: httpsUrl().meta({ description: "URL as the cluster reaches it." }),
      caBundle: caBundle().meta({ description: "Authority that signed its certificate: no other is trusted." }),
      cidrs: z
        .array(egressCidr())
        .min(1)
        .meta({ description: "Blocks that it is in, for the controller's NetworkPolicy." }),
      ...paths,
    }),
  ])
  .meta({
    description:
      "Where secrets come from. The access token, if access is to be set up as code, is the secret `vaultToken`.",
  });

export const monitoring = z
  .strictObject({
    namespace: namespace().default("monitoring").meta({ description: "Where Prometheus runs: may scrape metrics." }),
    serviceAccount: name().default("prometheus").meta({ description: "Its identity in mesh policies." }),
    podLabels: z
      .record(z.string(), z.string())
      .default({ "app.kubernetes.io/name": "prometheus" })
      .meta({ description: "Labels of its pods." }),
    objectLabels: z
      .record(z.string(), z.string())
      .default({})
      .meta({ description: "Labels by which its operator selects rules and monitors; without any it selects all." }),
  })
  .meta({ description: "Who may read metrics." });

/** Charts of `components/charts/charts.yaml`; a test keeps the two lists equal. */
export const CHART_NAMES = ["cert-manager", "cilium", "external-secrets"] as const;

const chart = z.strictObject({
  path: relativePath().optional().meta({ description: "Folder of the unpacked chart, used instead of a download." }),
  version: chartVersion().optional().meta({ description: "Another version than the pinned one." }),
  repository: text(
    { allowed: "an https:// or oci:// URL", fix: "write it like https://charts.example.com" },
    (value) => (/^(https|oci):\/\/[^\s@]+$/.test(value) ? undefined : "is not a chart repository"),
  )
    .optional()
    .meta({ description: "Another repository, for instance a mirror." }),
  digest: sha256()
    .optional()
    .meta({ description: "What the archive or folder must hash to, when it is not the pinned one." }),
});

function chartVersion() {
  return text({ allowed: "a semantic version", fix: "write it like 1.2.3" }, (value) =>
    /^v?\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/.test(value) ? undefined : "is not a chart version",
  );
}

export const charts = z
  .strictObject({
    "cert-manager": chart.optional(),
    cilium: chart.optional(),
    "external-secrets": chart.optional(),
  } satisfies Record<(typeof CHART_NAMES)[number], unknown>)
  .meta({ description: "Where charts come from, when not from the pinned repository." });

const definitions = z.strictObject({
  path: relativePath().meta({ description: "YAML file with CustomResourceDefinitions." }),
});

export const crds = z
  .strictObject({
    "cert-manager": definitions.optional(),
    "external-secrets": definitions.optional(),
    istio: definitions.optional(),
    "prometheus-operator": definitions.optional(),
  })
  .meta({ description: "Custom resource definitions to install, for clusters that lack them." });
