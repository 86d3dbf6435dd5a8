import { setImmediate } from "node:timers/promises";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

export interface Registered {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
  /** Reference of the provider that was used; empty for components and providers. */
  provider: string;
}

/** What the engine sends for a value that is not known yet. */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export interface Graph {
  /** In the order of their names. */
  all: Registered[];
  /** Kubernetes objects only. */
  objects: Registered[];
}

/**
 * Runs `program` against mocks and returns what it registered. A call of any function and a type that is not expected make
 * it fail. With `preview`, nothing that a resource would output is known.
 */
export async function graphOf(
  program: (provider: kubernetes.Provider) => void,
  { preview = false }: { preview?: boolean } = {},
): Promise<Graph> {
  const all: Registered[] = [];
  const unexpected: string[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs, provider }) => {
        if (!/^(kubernetes:|fhir-landing-zone:|pulumi:providers:kubernetes$)/.test(type)) unexpected.push(type);
        all.push({ type, name, inputs: inputs as Record<string, unknown>, provider: provider ?? "" });
        return { id: preview ? undefined : `${name}-id`, state: preview ? {} : (inputs as object) };
      },
      call: ({ token }) => {
        unexpected.push(token);
        throw new Error(`unexpected call of ${token}`);
      },
    },
    "fhir-landing-zone",
    "test",
    preview,
  );
  program(new kubernetes.Provider("cluster", { kubeconfig: "not read" }));
  await settled(all);
  if (unexpected.length > 0) throw new Error(`not expected: ${unexpected.join(", ")}`);
  all.sort((a, b) => (key(a) < key(b) ? -1 : 1));
  return { all, objects: all.filter(({ type }) => type.startsWith("kubernetes:")) };
}

function key({ type, name }: Registered): string {
  return `${type} ${name}`;
}

/** Registrations wait for each other: done when no more have come for many turns of the event loop. */
async function settled(all: readonly Registered[]): Promise<void> {
  for (let idle = 0, before = -1; idle < 200; idle++) {
    if (all.length !== before) idle = 0;
    before = all.length;
    await setImmediate();
  }
}

/** Paths of everything in the graph that is not known. */
export function unknownsOf({ all }: Graph): string[] {
  return all.filter(({ inputs }) => JSON.stringify(inputs).includes(UNKNOWN)).map(key);
}

export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; labels?: Record<string, string>; annotations?: Record<string, string> };
  // Tests look into every corner of many kinds.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  [field: string]: any;
}

/** The objects as an API server gets them; `*Patch` resources lose their suffix. */
export function kubernetesObjects({ objects }: Graph): KubernetesObject[] {
  return objects.map(({ type, inputs }) => {
    const [, version = "", kind = ""] = type.split(":");
    const apiVersion = version.replace(/^core\//, "").replace(/^(apiextensions\.k8s\.io)$/, "$1");
    return { apiVersion, kind: kind.replace(/Patch$/, ""), ...inputs } as KubernetesObject;
  });
}

/** The one object of that kind and name. */
export function find(graph: Graph, kind: string, name: string, namespace?: string): KubernetesObject {
  const found = kubernetesObjects(graph).filter(
    (object) =>
      object.kind === kind &&
      object.metadata.name === name &&
      (namespace === undefined || object.metadata.namespace === namespace),
  );
  const [only] = found;
  if (only === undefined || found.length > 1) {
    throw new Error(
      `${String(found.length)} objects ${kind}/${name}${namespace === undefined ? "" : ` in ${namespace}`}`,
    );
  }
  return only;
}
