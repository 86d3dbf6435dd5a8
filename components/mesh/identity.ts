import { ArgumentError } from "../argumentError";
import type { MeshIdentity } from "../contracts";

export interface Caller {
  namespace: string;
  serviceAccount: string;
}

/**
 * Principal of a ServiceAccount as Istio's policies name it, built from the one trust domain (X.8): a hard-coded
 * `cluster.local` would match nobody in a mesh of another trust domain, and everybody stays out or the rule is loosened.
 */
export function principal(mesh: MeshIdentity, caller: Caller): string {
  for (const [argument, value] of [
    ["trustDomain", mesh.trustDomain],
    ["namespace", caller.namespace],
    ["serviceAccount", caller.serviceAccount],
  ] as const) {
    if (!/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(value)) refuse(argument, value, "is no name", "fix the spelling");
  }
  if (caller.serviceAccount === "default") {
    refuse(
      "serviceAccount",
      "default",
      "is shared by every pod that names none",
      "give the caller an account of its own",
    );
  }
  return `${mesh.trustDomain}/ns/${caller.namespace}/sa/${caller.serviceAccount}`;
}

function refuse(argument: string, given: string, problem: string, fix: string): never {
  const allowed = "lower-case letters, digits, dots and dashes";
  throw new ArgumentError({ where: "principal", argument, problem, given, allowed, fix });
}
