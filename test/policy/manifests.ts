import type { Manifest, Resource } from "./harness";

/** A pod that passes every control. */
export function goodPod(): Manifest {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "api", namespace: "fi-fhir" },
    spec: {
      serviceAccountName: "api",
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, runAsUser: 10001, seccompProfile: { type: "RuntimeDefault" } },
      containers: [goodContainer("app")],
      initContainers: [goodContainer("migrate")],
      volumes: [{ name: "tmp", emptyDir: { sizeLimit: "64Mi" } }],
    },
  };
}

export const DIGEST = `sha256:${"0123456789abcdef".repeat(4)}`;

function goodContainer(name: string): Manifest {
  return {
    name,
    image: `ghcr.io/acme/${name}:1.2.3@${DIGEST}`,
    securityContext: {
      privileged: false,
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    },
    resources: {
      requests: { cpu: "100m", memory: "64Mi" },
      limits: { memory: "128Mi", "ephemeral-storage": "64Mi" },
    },
  };
}

interface Wrapper {
  kind: string;
  apiVersion: string;
  wrap: (template: Manifest) => Manifest;
}

const inSpec = (template: Manifest): Manifest => ({ spec: { template } });

/** Every kind that embeds a pod template. */
export const WRAPPERS: readonly Wrapper[] = [
  { kind: "Deployment", apiVersion: "apps/v1", wrap: inSpec },
  { kind: "StatefulSet", apiVersion: "apps/v1", wrap: inSpec },
  { kind: "DaemonSet", apiVersion: "apps/v1", wrap: inSpec },
  { kind: "ReplicaSet", apiVersion: "apps/v1", wrap: inSpec },
  { kind: "ReplicationController", apiVersion: "v1", wrap: inSpec },
  { kind: "Job", apiVersion: "batch/v1", wrap: inSpec },
  { kind: "CronJob", apiVersion: "batch/v1", wrap: (template) => ({ spec: { jobTemplate: { spec: { template } } } }) },
  { kind: "PodTemplate", apiVersion: "v1", wrap: (template) => ({ template }) },
];

/** `pod` as the template of another kind. */
export function wrapped(pod: Manifest, { kind, apiVersion, wrap }: Wrapper): Manifest {
  const { metadata, spec } = pod as { metadata: Manifest; spec: unknown };
  return {
    apiVersion,
    kind,
    metadata: { name: metadata.name, namespace: metadata.namespace },
    ...wrap({ metadata, spec }),
  };
}

/** The type token that @pulumi/kubernetes gives to a typed resource. */
export function typed(manifest: Manifest, suffix = ""): Resource {
  const apiVersion = String(manifest.apiVersion);
  const module = apiVersion.includes("/") ? apiVersion : `core/${apiVersion}`;
  return { type: `kubernetes:${module}:${String(manifest.kind)}${suffix}`, props: manifest };
}

/** The same object in every shape in which a program can register it. */
export function everyShape(pod: Manifest): Map<string, Resource> {
  const shapes = new Map<string, Resource>([
    ["Pod", typed(pod)],
    ["PodPatch", typed(pod, "Patch")],
    ["List", { type: "kubernetes:core/v1:List", props: { apiVersion: "v1", kind: "List", items: [pod] } }],
    [
      "PodList whose items say nothing about themselves",
      {
        type: "kubernetes:core/v1:PodList",
        props: {
          apiVersion: "v1",
          kind: "PodList",
          items: [{ ...pod, apiVersion: undefined, kind: undefined }].map(clean),
        },
      },
    ],
    [
      "List in a List",
      {
        type: "kubernetes:core/v1:List",
        props: { apiVersion: "v1", kind: "List", items: [{ apiVersion: "v1", kind: "List", items: [pod] }] },
      },
    ],
    ["another package", { type: "crds:anything/v1:Thing", props: pod }],
    ["generic custom resource", { type: "kubernetes:apiextensions.k8s.io:CustomResource", props: pod }],
    [
      "Rollout",
      {
        type: "kubernetes:argoproj.io/v1alpha1:Rollout",
        props: { ...wrapped(pod, rollout), apiVersion: "argoproj.io/v1alpha1", kind: "Rollout" },
      },
    ],
    [
      "custom resource that nobody has heard of",
      {
        type: "kubernetes:example.com/v1:Server",
        props: {
          apiVersion: "example.com/v1",
          kind: "Server",
          metadata: pod.metadata,
          spec: { pools: [{ podTemplate: pod }] },
        },
      },
    ],
  ]);
  for (const wrapper of WRAPPERS) {
    const object = wrapped(pod, wrapper);
    shapes.set(wrapper.kind, typed(object));
    shapes.set(`${wrapper.kind}Patch`, typed(object, "Patch"));
  }
  for (const [kind, apiVersion] of OLDER) {
    const wrapper = WRAPPERS.find((candidate) => candidate.kind === kind);
    if (wrapper) shapes.set(`${apiVersion} ${kind}`, typed({ ...wrapped(pod, wrapper), apiVersion }));
  }
  return shapes;
}

const rollout: Wrapper = { kind: "Rollout", apiVersion: "argoproj.io/v1alpha1", wrap: inSpec };

const OLDER = [
  ["Deployment", "extensions/v1beta1"],
  ["Deployment", "apps/v1beta1"],
  ["DaemonSet", "apps/v1beta2"],
  ["CronJob", "batch/v1beta1"],
  ["Job", "batch/v2alpha1"],
  ["Deployment", "apps/v9"],
] as const;

/** Undefined fields do not survive the way to the pack. */
function clean(value: Manifest): Manifest {
  return JSON.parse(JSON.stringify(value)) as Manifest;
}

/** A copy of `manifest` with the field at `path` replaced; undefined removes it. */
export function withField(manifest: Manifest, path: string, value: unknown): Manifest {
  const copy = structuredClone(manifest);
  const keys = path.split(/[.[\]]+/).filter((key) => key !== "");
  const last = keys.pop() ?? "";
  let holder = copy as Record<string, unknown>;
  for (const key of keys) {
    holder[key] ??= {};
    holder = holder[key] as Record<string, unknown>;
  }
  holder[last] = value; // undefined does not survive the way to the pack
  return copy;
}
