import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import type { Cluster } from "../../contracts";

export interface ExistingClusterArgs {
  /** Kubeconfig of a cluster that somebody else owns; always secret. */
  kubeconfig: pulumi.Output<string>;
  /** Kubernetes version without `v`: charts are rendered for it. */
  kubernetesVersion: string;
  /** @default the kubeconfig's current context */
  context?: string;
}

/** A cluster that is there already: add-ons and systems go onto it, the cluster itself is left alone. */
export class ExistingCluster extends pulumi.ComponentResource implements Cluster {
  readonly kubeconfig: pulumi.Output<string>;
  readonly provider: kubernetes.Provider;
  readonly kubernetesVersion: string;
  readonly server: pulumi.Output<string>;

  constructor(name: string, args: ExistingClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("fhir-landing-zone:cluster:ExistingCluster", name, { kubernetesVersion: args.kubernetesVersion }, opts);
    this.kubeconfig = pulumi.secret(args.kubeconfig);
    this.kubernetesVersion = args.kubernetesVersion;
    this.server = this.kubeconfig.apply((kubeconfig) => serverOf(kubeconfig, args.context));
    this.provider = new kubernetes.Provider(
      `${name}-provider`,
      { kubeconfig: this.kubeconfig, enableServerSideApply: true, ...(args.context ? { context: args.context } : {}) },
      { parent: this },
    );
    this.registerOutputs({});
  }
}

interface Kubeconfig {
  "current-context"?: string;
  contexts?: { name: string; context: { cluster: string } }[];
  clusters?: { name: string; cluster: { server: string } }[];
}

/** @throws when the kubeconfig has no such context: the message never holds anything of the kubeconfig but names. */
export function serverOf(kubeconfig: string, context?: string): string {
  const parsed = parse(kubeconfig) as Kubeconfig;
  const wanted = context ?? parsed["current-context"];
  const found = parsed.contexts?.find(({ name }) => name === wanted);
  const cluster = parsed.clusters?.find(({ name }) => name === found?.context.cluster);
  if (cluster) return cluster.cluster.server;
  const names = parsed.contexts?.map(({ name }) => name).join(", ") ?? "none";
  throw new Error(
    `the kubeconfig has no context "${wanted ?? ""}"; it has: ${names}; set fhir-landing-zone:cluster.context`,
  );
}
