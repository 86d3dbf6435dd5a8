import { z } from "zod";
import { connectionSchema, mountSchema, pathPattern } from "./connection";

const dnsLabel = z
  .string()
  .regex(
    /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
    "must be a Kubernetes name: one, not a pattern, so that the role stays bound to it",
  );

/** Inputs of `landingzone:vault:Access`. */
export const accessSchema = z.strictObject({
  ...connectionSchema,
  role: z.string().regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, 'must be a name such as "fi-fhir"'),
  namespace: dnsLabel,
  serviceAccount: dnsLabel,
  audience: z.string().min(1, "must be the audience of the ServiceAccount's token: without one, any token would do"),
  readPaths: z
    .array(
      z
        .string()
        .refine(
          (path) => pathPattern.test(path.replace(/\/\*$/, "")),
          'must be a path below the mount, or one with "/*" at its end, for instance "fi-fhir/*"; not all of it',
        ),
    )
    .min(1, "must name at least one path"),
  kvMount: mountSchema,
  authMount: mountSchema,
});
export type Access = z.output<typeof accessSchema>;

const TOKEN_SECONDS = 600;

/**
 * The policy: values below the paths may be read, nothing listed, nothing written; External Secrets reads exactly the
 * paths that it is told. The two rights over its own token, to look at it and to end it, would otherwise come with
 * Vault's `default` policy, which allows a dozen things more.
 */
export function policyDocument({ kvMount, readPaths }: Access): string {
  const values = readPaths.map((path) => stanza(`${kvMount}/data/${path}`, "read"));
  const own = [stanza("auth/token/lookup-self", "read"), stanza("auth/token/revoke-self", "update")];
  return [...values, ...own].join("\n");
}

function stanza(path: string, capability: string): string {
  return `path "${path}" {\n  capabilities = ["${capability}"]\n}\n`;
}

/** The role, in Vault's own fields. */
export function roleSettings({ role, namespace, serviceAccount, audience }: Access) {
  return {
    bound_service_account_names: [serviceAccount],
    bound_service_account_namespaces: [namespace],
    audience,
    // The identity is the ServiceAccount's UID: one that was deleted and made again is somebody else.
    alias_name_source: "serviceaccount_uid",
    token_policies: [role],
    token_no_default_policy: true,
    // Long enough for one synchronisation; a token that was stolen from the controller is soon worth nothing.
    token_ttl: TOKEN_SECONDS,
    token_max_ttl: TOKEN_SECONDS,
  };
}
export type RoleSettings = ReturnType<typeof roleSettings>;
