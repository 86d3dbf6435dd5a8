import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { MeshIdentity } from "../contracts";
import { allow, denyAll, strictMutualTls, type Permission } from "./policies";
import { dependingOn } from "../dependingOn";

export interface MeshPoliciesArgs {
  namespace: string;
  /** Labels of the workload that the permissions are for. */
  labels: Readonly<Record<string, string>>;
  mesh: MeshIdentity;
  /** Who may call the workload, on which port, with which methods and paths. Everything else is denied. */
  permissions: readonly Permission[];
}

/** `NAME-mtls`, `NAME-deny-all` and `NAME-authz`: who may call a meshed workload, by cryptographic identity. */
export class MeshPolicies extends pulumi.ComponentResource {
  constructor(name: string, args: MeshPoliciesArgs, opts?: pulumi.ComponentResourceOptions) {
    const { namespace, labels, mesh, permissions } = args;
    const authorization = allow(mesh, { name: `${name}-authz`, namespace, labels, permissions });
    super("fhir-landing-zone:mesh:MeshPolicies", name, { ...args }, opts);
    const inside = { parent: this, ...dependingOn(opts) };
    for (const policy of [
      strictMutualTls(`${name}-mtls`, namespace),
      denyAll(`${name}-deny-all`, namespace),
      authorization,
    ]) {
      new kubernetes.apiextensions.CustomResource(policy.metadata.name, policy, inside);
    }
    this.registerOutputs({});
  }
}
