import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { ArgumentError } from "../argumentError";
import type { SecretSource } from "../contracts";
import { EXTERNAL_SECRETS_API, untyped, WAIT_UNTIL_READY, type CustomResourceArgs } from "./customResource";
import { dependingAlsoOn, dependingOn } from "../dependingOn";

export interface VaultSecretStoreArgs {
  /** Namespace of the store: only ExternalSecrets of the same namespace can use it. */
  namespace: string;
  /** Name of the SecretStore. @default "vault-backend" */
  name?: string;
  /** Which Vault, and how its certificate is verified. */
  source: SecretSource;
  /** Role of Vault's Kubernetes auth, see `VaultAccess`. */
  role: string;
  /** The namespace's own ServiceAccount, as which External Secrets logs in; the role is bound to it. */
  serviceAccount: string;
}

export interface SecretStoreSpec {
  provider: {
    vault: {
      server: pulumi.Input<string>;
      path: string;
      version: "v2";
      caBundle: pulumi.Input<string>;
      auth: {
        kubernetes: { mountPath: string; role: string; serviceAccountRef: { name: string; audiences: string[] } };
      };
    };
  };
}

/**
 * A SecretStore that logs in to Vault as one ServiceAccount of its own namespace. The token is made for Vault alone
 * (`audiences`), lives for minutes and is stored nowhere; the store holds no credential.
 */
export function secretStoreArgs(args: VaultSecretStoreArgs): CustomResourceArgs<"SecretStore", SecretStoreSpec> {
  const { namespace, name = "vault-backend", source, role, serviceAccount } = args;
  if (typeof source.server === "string" && !source.server.startsWith("https://")) {
    throw new ArgumentError({
      where: `VaultSecretStore "${namespace}/${name}"`,
      argument: "source.server",
      problem: "must be an https URL: secrets and tokens travel to and from it",
      given: source.server,
      allowed: "https://host:port",
      fix: "give Vault's TLS address",
    });
  }
  return {
    apiVersion: EXTERNAL_SECRETS_API,
    kind: "SecretStore",
    metadata: { name, namespace, annotations: WAIT_UNTIL_READY },
    spec: {
      provider: {
        vault: {
          server: source.server,
          path: source.kvMount,
          version: "v2",
          // Vault's private authority only: a certificate from any public one is refused.
          caBundle: source.caBundle,
          auth: {
            kubernetes: {
              mountPath: source.authMount,
              role,
              serviceAccountRef: { name: serviceAccount, audiences: [source.audience] },
            },
          },
        },
      },
    },
  };
}

/** The SecretStore of a namespace, ready: External Secrets has logged in to Vault with it. */
export class VaultSecretStore extends pulumi.ComponentResource {
  readonly store: kubernetes.apiextensions.CustomResource;

  constructor(name: string, args: VaultSecretStoreArgs, opts?: pulumi.ComponentResourceOptions) {
    const { namespace, role, serviceAccount, source } = args;
    super("fhir-landing-zone:secrets:VaultSecretStore", name, { namespace, role, serviceAccount }, opts);
    const served = source.serve?.({ namespace, serviceAccount, ...dependingOn(opts) });
    this.store = new kubernetes.apiextensions.CustomResource(name, untyped(secretStoreArgs(args)), {
      parent: this,
      ...(served ? dependingAlsoOn(opts, served) : dependingOn(opts)),
    });
    this.registerOutputs({});
  }
}
