import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Cluster, ServeRequest } from "../contracts";
import { dependingAlsoOn, dependingOn } from "../dependingOn";
import { CONTROLLER, controllerRules } from "./externalSecretsRbac";
import { PLUGIN_VERSION } from "./vaultAdmin";

export interface EmbeddedExternalSecretsArgs {
  cluster: Cluster;
  /** Data directory, relative to the project: kubeconfig and logs of the controllers. */
  directory: string;
  /** Namespace, which must exist, of the controller's ServiceAccount. */
  namespace: string;
}

class ExternalSecretsResource extends pulumi.CustomResource {
  constructor(name: string, inputs: pulumi.Inputs, opts: pulumi.CustomResourceOptions) {
    super("landingzone:embedded:ExternalSecrets", name, inputs, opts);
  }
}

/**
 * The External Secrets controller next to the embedded control plane. The CustomResourceDefinitions must be there before
 * (`dependsOn`). Stores and secrets of other scope (ClusterSecretStore, ClusterExternalSecret, PushSecret) are switched
 * off: nothing here uses them, and each of them lets one namespace reach into another.
 */
export class EmbeddedExternalSecrets extends pulumi.ComponentResource {
  private readonly account: kubernetes.core.v1.ServiceAccount;

  constructor(
    private readonly name: string,
    private readonly args: EmbeddedExternalSecretsArgs,
    private readonly opts: pulumi.ComponentResourceOptions = {},
  ) {
    const { cluster, directory, namespace } = args;
    super("fhir-landing-zone:secrets:EmbeddedExternalSecrets", name, { directory, namespace }, opts);
    this.account = new kubernetes.core.v1.ServiceAccount(
      name,
      { metadata: { name: CONTROLLER, namespace }, automountServiceAccountToken: false },
      { parent: this, provider: cluster.provider, ...dependingOn(opts) },
    );
    this.registerOutputs({});
  }

  /** A controller process for one namespace; it sees and may do nothing elsewhere. */
  serve(request: ServeRequest): pulumi.Resource {
    const { cluster, directory, namespace } = this.args;
    const name = `${this.name}-${request.namespace}`;
    const inCluster = { parent: this, provider: cluster.provider, ...dependingOn(request) };
    const metadata = { name: CONTROLLER, namespace: request.namespace };
    const rules = controllerRules([request.serviceAccount]);
    const role = new kubernetes.rbac.v1.Role(name, { metadata, rules }, inCluster);
    const binding = new kubernetes.rbac.v1.RoleBinding(
      name,
      {
        metadata,
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: CONTROLLER },
        subjects: [{ kind: "ServiceAccount", name: CONTROLLER, namespace }],
      },
      inCluster,
    );
    return new ExternalSecretsResource(
      name,
      {
        directory: `${directory}/${request.namespace}`,
        namespace: request.namespace,
        kubeconfig: pulumi.secret(cluster.kubeconfig),
        identity: { namespace, serviceAccount: CONTROLLER },
      },
      {
        parent: this,
        version: PLUGIN_VERSION,
        additionalSecretOutputs: ["kubeconfig"],
        // The component's own dependencies are the definitions that the controller watches.
        ...dependingAlsoOn(this.opts, this.account, role, binding),
      },
    );
  }
}
