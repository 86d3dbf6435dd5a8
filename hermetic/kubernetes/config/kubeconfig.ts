import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { KubeConfig } from "@kubernetes/client-node/dist/config.js";
import type { Options } from "./options";

type Source = Pick<Options, "kubeconfig" | "context" | "cluster">;

/** @throws when there is no kubeconfig, or when it can't be read; the text never holds its content */
export function loadKubeconfig(source: Source): KubeConfig {
  const config = new KubeConfig();
  if (source.kubeconfig === undefined) loadDefault(config);
  else if (isContent(source.kubeconfig)) parse(source.kubeconfig, "the kubeconfig given to the provider", config);
  else loadFile(expandHome(source.kubeconfig), config);
  if (source.context !== undefined) selectContext(config, source.context);
  if (source.cluster !== undefined) selectCluster(config, source.cluster);
  if (!config.getCurrentCluster()) {
    throw new Error(
      `the kubeconfig names no cluster: current-context is "${config.getCurrentContext() || ""}", ${known(config)}`,
    );
  }
  return config;
}

/** What tells one cluster from another. Undefined when the kubeconfig can't be read now. */
export function clusterIdentity(source: Source): string | undefined {
  try {
    const cluster = loadKubeconfig(source).getCurrentCluster();
    return cluster ? `${cluster.name} ${cluster.server}` : undefined;
  } catch {
    return undefined;
  }
}

function isContent(kubeconfig: string): boolean {
  return kubeconfig.includes("\n") || /^\s*(\{|apiVersion:|kind:|clusters:)/.test(kubeconfig);
}

function expandHome(file: string): string {
  return path.resolve(file.startsWith("~/") ? path.join(homedir(), file.slice(2)) : file);
}

function loadDefault(config: KubeConfig): void {
  const files = (process.env.KUBECONFIG ?? "").split(path.delimiter).filter((file) => file !== "");
  if (files.length === 0) files.push(path.join(homedir(), ".kube", "config"));
  const found = files.filter((file) => existsSync(file));
  const [first, ...others] = found;
  if (first === undefined) {
    throw new Error(`there is no kubeconfig: the provider has no "kubeconfig" and ${files.join(", ")} does not exist`);
  }
  loadFile(first, config);
  for (const file of others) {
    const more = new KubeConfig();
    loadFile(file, more);
    config.mergeConfig(more, true);
  }
}

function loadFile(file: string, config: KubeConfig): void {
  if (!existsSync(file)) throw new Error(`there is no kubeconfig file ${file}`);
  parse(readFileSync(file, "utf8"), file, config);
  config.makePathsAbsolute(path.dirname(file));
}

function parse(content: string, where: string, config: KubeConfig): void {
  try {
    config.loadFromString(content);
  } catch {
    // The parser's own text may quote the content, and with it a key or a token.
    throw new Error(`${where} is not a kubeconfig: it must be YAML or JSON with clusters, contexts and users`);
  }
}

function selectContext(config: KubeConfig, context: string): void {
  if (!config.getContextObject(context))
    throw new Error(`context "${context}" is not in the kubeconfig: ${known(config)}`);
  config.setCurrentContext(context);
}

function selectCluster(config: KubeConfig, cluster: string): void {
  if (!config.getCluster(cluster)) throw new Error(`cluster "${cluster}" is not in the kubeconfig: ${known(config)}`);
  const current = config.getCurrentContext();
  if (!config.getContextObject(current)) {
    throw new Error(`the kubeconfig has no current context to use with cluster "${cluster}": ${known(config)}`);
  }
  config.loadFromOptions({
    clusters: config.getClusters(),
    users: config.getUsers(),
    contexts: config.getContexts().map((context) => (context.name === current ? { ...context, cluster } : context)),
    currentContext: current,
  });
}

function known(config: KubeConfig): string {
  const names = (items: { name: string }[]) => (items.length > 0 ? items.map(({ name }) => name).join(", ") : "none");
  return `contexts: ${names(config.getContexts())}; clusters: ${names(config.getClusters())}`;
}
