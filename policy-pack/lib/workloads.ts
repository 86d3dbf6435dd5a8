import { readOr, type Field } from "./accessor";
import type { KubernetesObject } from "./objects";

/** A pod that a workload will run: a Pod itself, or the template inside another kind. */
export interface PodTemplate {
  object: KubernetesObject;
  metadata: Field;
  spec: Field;
}

export type ContainerKind = "containers" | "initContainers" | "ephemeralContainers";

export interface Container {
  kind: ContainerKind;
  field: Field;
  /** `container "app"`, `init container "migrate"`. */
  label: string;
}

const NOUNS: Record<ContainerKind, string> = {
  initContainers: "init container",
  containers: "container",
  ephemeralContainers: "ephemeral container",
};

export const CONTAINER_KINDS = Object.keys(NOUNS) as ContainerKind[];

/** Where each kind of Kubernetes keeps its pod template; [] is the object itself. */
const TEMPLATE_PATHS: Record<string, readonly string[]> = {
  Pod: [],
  PodTemplate: ["template"],
  ReplicationController: ["spec", "template"],
  ReplicaSet: ["spec", "template"],
  Deployment: ["spec", "template"],
  StatefulSet: ["spec", "template"],
  DaemonSet: ["spec", "template"],
  Job: ["spec", "template"],
  CronJob: ["spec", "jobTemplate", "spec", "template"],
};

/** Kinds of other groups that embed a pod template: what is unknown in them is a violation too. */
const CUSTOM_TEMPLATE_PATHS: Record<string, readonly string[]> = {
  "argoproj.io/Rollout": ["spec", "template"],
  "serving.knative.dev/Service": ["spec", "template"],
  "serving.knative.dev/Configuration": ["spec", "template"],
  "serving.knative.dev/Revision": [],
  "apps.kruise.io/CloneSet": ["spec", "template"],
  "apps.kruise.io/StatefulSet": ["spec", "template"],
  "apps.kruise.io/DaemonSet": ["spec", "template"],
};

/** Paths of pod templates in custom resources, by `group/Kind`: `spec.template`. */
export type PodTemplatePaths = Readonly<Record<string, readonly string[]>>;

export function podTemplatesOf(object: KubernetesObject, configured: PodTemplatePaths = {}): PodTemplate[] {
  const found = new Map<string, PodTemplate>();
  const add = (template: Field): void => {
    found.set(template.path, { object, metadata: template.at("metadata"), spec: template.at("spec") });
  };
  for (const kind of object.kinds) {
    const path = object.isBuiltIn ? TEMPLATE_PATHS[kind] : CUSTOM_TEMPLATE_PATHS[`${object.group}/${kind}`];
    if (path) add(descend(object.root, path));
    for (const extra of configured[`${object.group}/${kind}`] ?? []) add(descend(object.root, extra.split(".")));
  }
  if (!object.isBuiltIn) for (const template of embeddedTemplates(object.root.at("spec"))) add(template);
  return [...found.values()];
}

/** True for kinds that run pods, even when the object at hand has no template. */
export function isWorkload(object: KubernetesObject, configured: PodTemplatePaths = {}): boolean {
  return podTemplatesOf(object, configured).length > 0;
}

/** Follows `path`; where it meets something that is not an object, what lies below is unreadable, not absent. */
function descend(root: Field, path: readonly string[]): Field {
  return path.filter((key) => key !== "").reduce((field, key) => field.at(key), root);
}

const MAX_DEPTH = 10;

/** Anything in a custom resource that has the shape of a pod template: `template` or `podTemplate` with containers. */
function embeddedTemplates(field: Field, depth = 0): Field[] {
  if (depth > MAX_DEPTH) return [];
  const value = readOr(undefined, () => field.read());
  if (typeof value !== "object" || value === null) return [];
  if (Array.isArray(value)) return field.items().flatMap((item) => embeddedTemplates(item, depth + 1));
  return field.entries().flatMap(([key, child]) => {
    const isTemplate = /template$/i.test(key) && hasContainers(child);
    return isTemplate ? [child] : embeddedTemplates(child, depth + 1);
  });
}

function hasContainers(template: Field): boolean {
  return readOr(false, () => {
    const containers = template.at("spec", "containers");
    // Unknown here, in an object that is known as far as this, is taken for containers.
    if (containers.isUnknown) return containers.unknownAt !== template.unknownAt;
    return Array.isArray(containers.read());
  });
}

/** The containers of one kind. Unknown or malformed lists raise, as every unreadable field does. */
export function containersOf(pod: PodTemplate, kind: ContainerKind): Container[] {
  return pod.spec
    .at(kind)
    .items()
    .map((field, index) => {
      const name = readOr(undefined, () => field.at("name").string()) ?? `#${String(index)}`;
      return { kind, field, label: `${NOUNS[kind]} "${name}"` };
    });
}
