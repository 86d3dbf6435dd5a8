import { parse } from "yaml";
import { z } from "zod";
import type { CheckFailure } from "../../hermetic/protocol/provider";
import { containsUnknown, plainObject, type JsonObject } from "../../hermetic/protocol/values";

const podSecurityLevel = z.enum(["privileged", "baseline", "restricted"]);
const object = z.record(z.string(), z.unknown());

/** Inputs of `landingzone:embedded:Cluster`, with what stands in for a value that is not given. */
const schema = z.strictObject({
  name: z
    .string()
    .regex(
      /^[a-z]([-a-z0-9]{0,38}[a-z0-9])?$/,
      "lower-case letters, digits and dashes, at most 40, starting with a letter",
    ),
  directory: z.string().min(1).optional(),
  kubernetesVersion: z
    .string()
    .regex(/^\d+\.\d+\.\d+$/, 'a full version without "v", for instance "1.36.3"')
    .default("1.36.3"),
  nodes: z
    .strictObject({
      // Room for a kubelet and containerd on this machine.
      kind: z
        .enum(["simulated", "real"])
        .refine((kind) => kind === "simulated", 'real nodes are not available yet: use "simulated"'),
      count: z.int().min(1).max(100).default(3),
    })
    .prefault({ kind: "simulated" }),
  auditPolicy: z.union([object, z.string()]).transform((value, context) => {
    const policy: unknown = typeof value === "string" ? parse(value) : value;
    const parsed = object.safeParse(policy);
    if (parsed.success && parsed.data.kind === "Policy") return parsed.data;
    context.addIssue("an audit.k8s.io/v1 Policy, as an object or as YAML (see auditPolicy in components/hardening)");
    return z.NEVER;
  }),
  podSecurity: z
    .strictObject({
      enforce: podSecurityLevel.default("baseline"),
      audit: podSecurityLevel.default("restricted"),
      warn: podSecurityLevel.default("restricted"),
      version: z
        .string()
        .regex(/^(v\d+\.\d+|latest)$/, 'a minor version such as "v1.36"')
        .default("v1.36"),
      exemptNamespaces: z.array(z.string()).default(["kube-system"]),
    })
    .prefault({}),
  encryption: z
    .strictObject({
      resources: z
        .array(
          z
            .string()
            .regex(/^[a-z]+(\.[-a-z0-9.]+)?$/, 'a resource such as "secrets" or "certificates.cert-manager.io"'),
        )
        .min(1)
        .default(["secrets"]),
      generation: z.int().min(1).default(1),
    })
    .prefault({}),
});

export type ClusterInputs = Required<z.output<typeof schema>>;

/** Complete inputs, or what is wrong with them. Inputs that are not known yet are left for the update to check. */
export function checkInputs(given: JsonObject): { inputs: JsonObject; failures: CheckFailure[] } {
  if (containsUnknown(given)) return { inputs: given, failures: [] };
  const values = plainObject(given);
  const result = schema.safeParse(values);
  if (!result.success) return { inputs: given, failures: result.error.issues.map((issue) => failure(issue, values)) };
  return { inputs: withDirectory(result.data) as unknown as JsonObject, failures: [] };
}

/** Inputs as `checkInputs` returned them, typed. */
export function readInputs(checked: JsonObject): ClusterInputs {
  return withDirectory(schema.parse(plainObject(checked)));
}

function withDirectory(inputs: z.output<typeof schema>): ClusterInputs {
  return { ...inputs, directory: inputs.directory ?? `.landing-zone/clusters/${inputs.name}` };
}

function failure(issue: z.core.$ZodIssue, values: JsonObject): CheckFailure {
  const path = issue.path.map(String);
  const value = path.reduce<unknown>((part, key) => (part as Record<string, unknown> | undefined)?.[key], values);
  const given = value === undefined ? "it is missing" : `given was ${JSON.stringify(value).slice(0, 200)}`;
  return { property: path.join(".") || "cluster", reason: `${issue.message} (${given})` };
}
