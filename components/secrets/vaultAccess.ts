import * as pulumi from "@pulumi/pulumi";
import type { SecretSource, VaultAccessRequest } from "../contracts";
import { PLUGIN_VERSION, type VaultAdmin } from "./vaultAdmin";
import { dependingOn } from "../dependingOn";

export interface VaultAccessArgs extends VaultAccessRequest {
  admin: VaultAdmin;
  /** The mounts and the audience are its; the same source is given to the system's SecretStore. */
  source: SecretSource;
}

class VaultAccessResource extends pulumi.CustomResource {
  constructor(name: string, inputs: pulumi.Inputs, opts: pulumi.CustomResourceOptions) {
    super("landingzone:vault:Access", name, { ...inputs, policy: undefined, settings: undefined }, opts);
  }
}

/**
 * What one system may read in Vault (S4.28): a role of the Kubernetes auth, bound to one ServiceAccount of one namespace
 * and one audience, with a policy that allows reading the values below `readPaths` and nothing else.
 */
export class VaultAccess extends pulumi.ComponentResource {
  constructor(name: string, args: VaultAccessArgs, opts?: pulumi.ComponentResourceOptions) {
    const { admin, source, role, namespace, serviceAccount, readPaths } = args;
    super("fhir-landing-zone:secrets:VaultAccess", name, { role, namespace, serviceAccount, readPaths }, opts);
    new VaultAccessResource(
      name,
      {
        address: admin.address,
        caBundle: admin.caBundle,
        token: pulumi.secret(admin.token),
        role,
        namespace,
        serviceAccount,
        readPaths: [...readPaths],
        audience: source.audience,
        kvMount: source.kvMount,
        authMount: source.authMount,
      },
      { parent: this, version: PLUGIN_VERSION, deletedWith: admin.resource, ...dependingOn(opts) },
    );
    this.registerOutputs({});
  }
}
