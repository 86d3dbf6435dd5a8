import * as pulumi from "@pulumi/pulumi";
import type { SecretSource } from "../contracts";
import { PLUGIN_VERSION, type VaultAdmin } from "./vaultAdmin";
import { dependingOn } from "../dependingOn";

export interface VaultSecretArgs {
  admin: VaultAdmin;
  source: SecretSource;
  /** KV v2 path below the mount, for instance `fi-fhir/database`. */
  path: string;
  /** Property -> value; from `@pulumi/random` or `config.requireSecret`. Marked as secret here in any case. */
  data: Readonly<Record<string, pulumi.Input<string>>>;
}

class VaultSecretResource extends pulumi.CustomResource {
  constructor(name: string, inputs: pulumi.Inputs, opts: pulumi.CustomResourceOptions) {
    super("landingzone:vault:Secret", name, { ...inputs, version: undefined }, opts);
  }
}

/** A value in Vault. Changed in the program, it becomes a new version; destroyed, all its versions go. */
export class VaultSecret extends pulumi.ComponentResource {
  constructor(name: string, args: VaultSecretArgs, opts?: pulumi.ComponentResourceOptions) {
    const { admin, source, path, data } = args;
    super("fhir-landing-zone:secrets:VaultSecret", name, { path, properties: Object.keys(data) }, opts);
    new VaultSecretResource(
      name,
      {
        address: admin.address,
        caBundle: admin.caBundle,
        token: pulumi.secret(admin.token),
        mount: source.kvMount,
        path,
        // The whole map, so that not even one value of it can be forgotten.
        data: pulumi.secret(data),
      },
      { parent: this, version: PLUGIN_VERSION, deletedWith: admin.resource, ...dependingOn(opts) },
    );
    this.registerOutputs({});
  }
}
