import type * as pulumi from "@pulumi/pulumi";

/** Who may set up access and values in a Vault: ours, or one that somebody else runs. */
export interface VaultAdmin {
  /** Vault URL, https only. */
  readonly address: pulumi.Input<string>;
  /** PEM bundle, base64, of the authority that signed Vault's certificate. */
  readonly caBundle: pulumi.Input<string>;
  /** A token that may write policies, roles and values; give it as a secret, and never the root token. */
  readonly token: pulumi.Input<string>;
  /** The Vault itself, when this program runs it: what lies in it goes with it and need not be deleted one by one. */
  readonly resource?: pulumi.Resource;
}

/** Version of our plugin `landingzone`, in which all resources of this room live. */
export const PLUGIN_VERSION = "0.1.0";
