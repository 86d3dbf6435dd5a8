import type * as pulumi from "@pulumi/pulumi";

/** Served since External Secrets 0.16; `v1beta1`, which older examples show, is served no more. */
export const EXTERNAL_SECRETS_API = "external-secrets.io/v1";

/** An object of External Secrets as `kubernetes.apiextensions.CustomResource` takes it. */
export interface CustomResourceArgs<Kind extends string, Spec> {
  apiVersion: typeof EXTERNAL_SECRETS_API;
  kind: Kind;
  metadata: { name: string; namespace: string; annotations: Record<string, string> };
  spec: Spec;
}

/** Without it Pulumi takes an object that Vault refuses for a finished one, and what needs the Secret never starts. */
export const WAIT_UNTIL_READY = { "pulumi.com/waitFor": "condition=Ready" };

/** `CustomResource` takes any object; this keeps ours typed until there. */
export function untyped(args: CustomResourceArgs<string, object>): pulumi.Inputs & CustomResourceArgs<string, object> {
  return args;
}
