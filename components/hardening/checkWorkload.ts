import { ArgumentError, type ArgumentProblem } from "../argumentError";
import type { ContainerSpec, WorkloadSpec } from "./workloadSpec";

/** Names that only a credential has. `..._FILE` and `..._PATH` are fine: they say where a file is. */
const CREDENTIAL = /(passw|secret|token|api_?key|private_?key|credential|encryption_?key|cipher)/i;
const LOCATION = /_(FILE|PATH|DIR|URL)$/i;

/** @throws ArgumentError for the first thing wrong in `spec`, before anything is registered. */
export function checkWorkload(spec: WorkloadSpec): void {
  const refuse = refuseFor(spec);
  const containers = [spec, ...(spec.sidecars ?? []), ...(spec.initContainers ?? [])];
  for (const container of containers) checkContainer(container, refuse);
  for (const path of [...Object.keys(spec.writable ?? {}), ...Object.keys(spec.memory ?? {})]) {
    if (!path.startsWith("/") || path === "/" || path.includes("..")) {
      refuse({
        argument: "writable",
        problem: "has a path that is not below /",
        given: path,
        allowed: 'an absolute path such as "/tmp"',
        fix: "name the one directory that the image writes to",
      });
    }
  }
  for (const mount of spec.files ?? []) {
    if ((mount.secret === undefined) === (mount.configMap === undefined)) {
      refuse({
        argument: `files[${mount.path}]`,
        problem: "needs exactly one source",
        given: mount,
        allowed: "secret or configMap",
        fix: "make two mounts of it",
      });
    }
    if (mount.secret !== undefined && (mount.keys?.length ?? 0) === 0) {
      refuse({
        argument: `files[${mount.path}].keys`,
        problem: "is missing: a workload sees only the keys that it needs",
        given: mount.keys ?? null,
        allowed: "names of keys of the Secret",
        fix: `list the keys of ${mount.secret} that this workload reads`,
      });
    }
  }
  checkReplicas(spec, refuse);
  checkProbes(spec, refuse);
}

type Refuse = (problem: Omit<ArgumentProblem, "where">) => never;

function refuseFor(spec: WorkloadSpec): Refuse {
  return (problem) => {
    throw new ArgumentError({ where: `HardenedWorkload "${spec.name}"`, ...problem });
  };
}

function checkContainer(container: ContainerSpec, refuse: Refuse): void {
  if (container.image.trim() === "") {
    refuse({
      argument: `${container.name}.image`,
      problem: "is empty",
      given: container.image,
      allowed: "registry/name:tag@sha256:digest",
      fix: "set the image in the stack's config",
    });
  }
  for (const name of Object.keys(container.env ?? {})) {
    if (CREDENTIAL.test(name) && !LOCATION.test(name)) {
      refuse({
        argument: `${container.name}.env.${name}`,
        problem: "looks like a credential, and the environment can be read in the pod's spec and in /proc",
        // The value may be the credential itself.
        given: "(not shown)",
        allowed: "plain settings, and names that end in _FILE or _PATH",
        fix: `mount the Secret with files and pass ${name}_FILE`,
      });
    }
  }
}

function checkReplicas(spec: WorkloadSpec, refuse: Refuse): void {
  if (spec.kind !== "Deployment" && spec.kind !== "StatefulSet") return;
  const least = spec.kind === "Deployment" ? 2 : 1;
  if (spec.replicas !== undefined && (!Number.isInteger(spec.replicas) || spec.replicas < least)) {
    refuse({
      argument: "replicas",
      problem: "is too small",
      given: spec.replicas,
      allowed: `a whole number from ${String(least)}`,
      fix: "a disruption budget with a single pod would block every node drain (S4.16): raise it",
    });
  }
}

function checkProbes(spec: WorkloadSpec, refuse: Refuse): void {
  if (spec.kind !== "Deployment" && spec.kind !== "StatefulSet") return;
  for (const probe of ["liveness", "readiness"] as const) {
    if (spec[probe] === undefined) {
      refuse({
        argument: probe,
        problem: "is missing",
        given: null,
        allowed: '{ path: "/ready" } or { command: [...] }',
        fix: "a long-running workload says whether it lives and whether it can take work (S4.7)",
      });
    }
  }
  for (const [name, probe] of [
    ["liveness", spec.liveness],
    ["readiness", spec.readiness],
    ["startup", spec.startup],
  ] as const) {
    if (probe?.path !== undefined && spec.ports?.[probe.port ?? "http"] === undefined) {
      refuse({
        argument: `${name}.port`,
        problem: "names a port that the container does not have",
        given: probe.port ?? "http",
        allowed: Object.keys(spec.ports ?? {}).join(", ") || "none: the container has no ports",
        fix: "add it to ports",
      });
    }
  }
}
