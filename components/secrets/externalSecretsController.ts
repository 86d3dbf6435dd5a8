import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { RenderedChart, type ChartOverride } from "../charts";
import { dependingAlsoOn, dependingOn } from "../dependingOn";
import { SecuredNamespace } from "../hardening";
import { dns, networkPolicy } from "../network";
import { CONTROLLER } from "./externalSecretsRbac";
import { externalSecretsValues } from "./externalSecretsValues";

export interface ExternalSecretsControllerArgs {
  /** Version of the cluster without `v`: pass `Cluster.kubernetesVersion`. */
  kubernetesVersion: string;
  /** Where the stack's configuration points the chart to. */
  override?: ChartOverride | undefined;
  /** Image of the controller; by digest in production. */
  image: string;
  /** Narrow blocks that the API server is in. */
  apiServer: { cidrs: readonly string[] };
  /** Narrow blocks that Vault is in, and its port. */
  vault: { cidrs: readonly string[]; port: number };
}

const NAMESPACE = "external-secrets";
const LABELS = { "app.kubernetes.io/name": "external-secrets" };

/** External Secrets in the cluster, by its chart: the controller alone, closed in by network and Pod Security. */
export class ExternalSecretsController extends pulumi.ComponentResource {
  constructor(name: string, args: ExternalSecretsControllerArgs, opts?: pulumi.ComponentResourceOptions) {
    const { kubernetesVersion, override, image, apiServer, vault } = args;
    super(
      "fhir-landing-zone:secrets:ExternalSecretsController",
      name,
      { kubernetesVersion, image, apiServer, vault },
      opts,
    );
    const namespace = new SecuredNamespace(
      NAMESPACE,
      { namespace: NAMESPACE, kubernetesVersion, dataClassification: "internal" },
      { parent: this, ...dependingOn(opts) },
    );
    const egress = new kubernetes.networking.v1.NetworkPolicy(
      `${name}-egress`,
      networkPolicy({
        name: `${name}-egress`,
        namespace: NAMESPACE,
        labels: LABELS,
        egress: [
          dns(),
          { peers: apiServer.cidrs.map((cidr) => ({ cidr })), ports: [{ port: 443 }, { port: 6443 }] },
          { peers: vault.cidrs.map((cidr) => ({ cidr })), ports: [{ port: vault.port }] },
        ],
      }),
      { parent: this, dependsOn: [namespace] },
    );
    const identity = new kubernetes.core.v1.ServiceAccount(
      name,
      { metadata: { name: CONTROLLER, namespace: NAMESPACE }, automountServiceAccountToken: false },
      { parent: this, dependsOn: [namespace] },
    );
    new RenderedChart(
      `${name}-chart`,
      {
        chart: "external-secrets",
        namespace: NAMESPACE,
        kubernetesVersion,
        override,
        values: externalSecretsValues(image),
      },
      { parent: this, ...dependingAlsoOn(opts, namespace, egress, identity) },
    );
    this.registerOutputs({});
  }
}
