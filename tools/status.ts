import { existsSync } from "node:fs";
import path from "node:path";
import { AppsV1Api, CustomObjectsApi, KubeConfig } from "@kubernetes/client-node";
import { folders } from "./paths";
import { stackOutputs } from "./stack";

/** What the last line of `npm start` says: what runs, and how to look at it. */
export async function printWelcome(stack: string): Promise<void> {
  await printStatus(stack);
  console.log(`
How to look at it:
  export KUBECONFIG=${kubeconfigFile(stack)}
  npm run status                       what runs, again
  npm run pulumi -- preview --stack ${stack}  what a change would do, checked by the policy pack
  npm run destroy                      remove all of it`);
}

/** Prints the workloads and synced secrets of the stack's cluster. Returns the exit code: 1 when something is not as it should be. */
export async function printStatus(stack: string): Promise<number> {
  const file = kubeconfigFile(stack);
  if (!existsSync(file)) {
    console.log(`stack ${stack}: no cluster of this clone is running; "npm start" brings one up`);
    return 1;
  }
  const outputs = await stackOutputs(stack, { secrets: false });
  console.log(`\nstack ${stack}:`);
  for (const [name, value] of Object.entries(outputs)) {
    if (typeof value === "string" && value !== "[secret]") console.log(`  ${name}: ${value}`);
  }
  const config = new KubeConfig();
  config.loadFromFile(file);
  const rows = [...(await workloads(config)), ...(await secrets(config))];
  for (const { ready, text } of rows) console.log(`  ${ready ? "ready    " : "NOT READY"} ${text}`);
  return rows.every(({ ready }) => ready) ? 0 : 1;
}

interface Row {
  ready: boolean;
  text: string;
}

async function workloads(config: KubeConfig): Promise<Row[]> {
  const api = config.makeApiClient(AppsV1Api);
  const [deployments, statefulSets] = await Promise.all([
    api.listDeploymentForAllNamespaces(),
    api.listStatefulSetForAllNamespaces(),
  ]);
  return [
    ...deployments.items.map((item) => ({ kind: "Deployment", item })),
    ...statefulSets.items.map((item) => ({ kind: "StatefulSet", item })),
  ].map(({ kind, item }) => {
    const wanted = item.spec?.replicas ?? 1;
    const ready = item.status?.readyReplicas ?? 0;
    return {
      ready: ready >= wanted,
      text: `${kind} ${item.metadata?.namespace}/${item.metadata?.name} ${ready}/${wanted}`,
    };
  });
}

interface ExternalSecretList {
  items: {
    metadata: { namespace: string; name: string };
    status?: { conditions?: { type: string; status: string; message?: string }[] };
  }[];
}

async function secrets(config: KubeConfig): Promise<Row[]> {
  const api = config.makeApiClient(CustomObjectsApi);
  const list = (await api.listClusterCustomObject({
    group: "external-secrets.io",
    version: "v1",
    plural: "externalsecrets",
  })) as ExternalSecretList;
  return list.items.map(({ metadata, status }) => {
    const ready = status?.conditions?.find(({ type }) => type === "Ready");
    return {
      ready: ready?.status === "True",
      text: `ExternalSecret ${metadata.namespace}/${metadata.name} ${ready?.message ?? "not synced yet"}`,
    };
  });
}

/** The embedded cluster keeps its kubeconfig in its own folder, readable by its owner alone. */
function kubeconfigFile(stack: string): string {
  return path.join(folders.clusters, stack, "kubeconfig", "admin.yaml");
}
