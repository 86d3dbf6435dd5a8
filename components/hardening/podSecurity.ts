import { ArgumentError } from "../argumentError";

/** User and group of distroless "nonroot" images (S4.8, S4.13). */
export const NONROOT = 65532;

/** User of the Istio sidecar: an application that ran under it would bypass traffic capture. */
const ISTIO_PROXY = 1337;

/** Pod-level security context, S4.13. */
export function podSecurityContext(user: number = NONROOT, where = "podSecurityContext") {
  if (!Number.isInteger(user) || user < 1 || user === ISTIO_PROXY) {
    throw new ArgumentError({
      where,
      argument: "user",
      problem: user === ISTIO_PROXY ? "is the Istio sidecar's own" : "would run as root or is no user id",
      given: user,
      allowed: "a whole number from 1, except 1337",
      fix: `build the image for its own user, or leave user out for ${String(NONROOT)}`,
    });
  }
  return {
    // The kubelet refuses an image whose user is root even when somebody drops runAsUser later.
    runAsNonRoot: true,
    runAsUser: user,
    runAsGroup: user,
    // Mounted secrets and volumes are readable by the workload's group only.
    fsGroup: user,
    // A recursive chown of a large volume at each start would cost the recovery time objective.
    fsGroupChangePolicy: "OnRootMismatch",
    // Blocks some hundred system calls that no workload of ours needs.
    seccompProfile: { type: "RuntimeDefault" },
  };
}

/** Container-level security context, S4.14. The same for every container, init containers included. */
export function containerSecurityContext() {
  return {
    // no_new_privs: a setuid binary in the image gives nothing.
    allowPrivilegeEscalation: false,
    // An intruder can't install tools; writable paths are emptyDirs with a size limit.
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] },
    // Pod-level values repeated: scanners and reviewers read containers, and neither may weaken alone.
    privileged: false,
    runAsNonRoot: true,
    seccompProfile: { type: "RuntimeDefault" },
  };
}

/**
 * Pod Security Admission labels of a namespace, S4.12. The version is pinned, so that a cluster upgrade changes what is
 * enforced only when the stack's `kubernetesVersion` moves too.
 */
export function podSecurityLabels(kubernetesVersion: string): Record<string, string> {
  const version = podSecurityVersion(kubernetesVersion);
  return Object.fromEntries(
    ["enforce", "audit", "warn"].flatMap((mode) => [
      [`pod-security.kubernetes.io/${mode}`, "restricted"],
      [`pod-security.kubernetes.io/${mode}-version`, version],
    ]),
  );
}

/** `1.36.3` → `v1.36`. */
export function podSecurityVersion(kubernetesVersion: string): string {
  const match = /^v?(1\.\d+)(\.|$)/.exec(kubernetesVersion);
  if (match?.[1] === undefined) {
    throw new ArgumentError({
      where: "podSecurityLabels",
      argument: "kubernetesVersion",
      problem: "is no Kubernetes version",
      given: kubernetesVersion,
      allowed: 'such as "1.36.3"',
      fix: "pass Cluster.kubernetesVersion",
    });
  }
  return `v${match[1]}`;
}
