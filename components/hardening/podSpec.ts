import type * as kubernetes from "@pulumi/kubernetes";
import { selectorLabels } from "./labels";
import { containerSecurityContext, podSecurityContext } from "./podSecurity";
import { mountsOf, volumesOf } from "./volumes";
import { DEFAULT_RESOURCES, type Amounts, type ContainerSpec, type Probe, type WorkloadSpec } from "./workloadSpec";

type PodSpec = kubernetes.types.input.core.v1.PodSpec;

/** Seconds that a pod stays on a lost node before it is replaced: the default of 300 s alone uses up the RTO of S4.52. */
export const LOST_NODE_SECONDS = 30;

/** Seconds between "no longer an endpoint" and SIGTERM, so that requests under way still find the pod. */
const DRAIN_SECONDS = 5;

/** The pod of a workload: plain data, so that tests, policies and reviewers see every field. */
export function hardenedPodSpec(spec: WorkloadSpec) {
  const longRunning = spec.kind === "Deployment" || spec.kind === "StatefulSet";
  return {
    serviceAccountName: spec.serviceAccount ?? spec.name,
    // S4.39: no token in the pod, whatever its ServiceAccount says.
    automountServiceAccountToken: false,
    // No environment variables that list every Service of the namespace.
    enableServiceLinks: false,
    ...((spec.userNamespace ?? true) ? { hostUsers: false } : {}),
    securityContext: podSecurityContext(spec.user, `HardenedWorkload "${spec.name}"`),
    terminationGracePeriodSeconds: spec.terminationGracePeriodSeconds ?? 30,
    ...(spec.priorityClassName === undefined ? {} : { priorityClassName: spec.priorityClassName }),
    ...(spec.imagePullSecrets === undefined
      ? {}
      : { imagePullSecrets: spec.imagePullSecrets.map((name) => ({ name })) }),
    ...(longRunning ? { topologySpreadConstraints: spread(spec), tolerations: lostNodeTolerations() } : {}),
    ...(longRunning ? {} : { restartPolicy: "Never" }),
    ...(spec.initContainers === undefined
      ? {}
      : { initContainers: spec.initContainers.map((init) => container(init, spec)) }),
    containers: [
      { ...container(spec, spec), ...(spec.kind === "Deployment" && spec.ports ? { lifecycle: drain() } : {}) },
      ...(spec.sidecars ?? []).map((sidecar) => container(sidecar, spec)),
    ],
    volumes: volumesOf(spec),
  } satisfies PodSpec;
}

function container(own: ContainerSpec, pod: WorkloadSpec) {
  return {
    name: own.name,
    image: own.image,
    // A tag that moved, or an image that only this node's cache still holds, is noticed.
    imagePullPolicy: own.image.includes("@sha256:") ? "IfNotPresent" : "Always",
    ...(own.command === undefined ? {} : { command: [...own.command] }),
    ...(own.args === undefined ? {} : { args: [...own.args] }),
    ...(own.env === undefined ? {} : { env: Object.entries(own.env).map(([name, value]) => ({ name, value })) }),
    ...(own.ports === undefined
      ? {}
      : { ports: Object.entries(own.ports).map(([name, port]) => ({ name, containerPort: port, protocol: "TCP" })) }),
    ...(own.liveness === undefined ? {} : { livenessProbe: probe(own.liveness) }),
    ...(own.readiness === undefined ? {} : { readinessProbe: probe(own.readiness) }),
    // Liveness waits for the start-up probe, so a slow start is not killed and a quick one is not delayed.
    ...(own.startup === undefined ? {} : { startupProbe: probe(own.startup) }),
    resources: resources(own),
    securityContext: containerSecurityContext(),
    volumeMounts: mountsOf(pod),
  };
}

function resources(own: ContainerSpec) {
  const { requests, limits } = own.resources ?? DEFAULT_RESOURCES;
  return { requests: amounts(requests), limits: amounts(limits) };
}

function amounts({ cpu, memory, ephemeralStorage }: Amounts) {
  return { cpu, memory, "ephemeral-storage": ephemeralStorage };
}

function probe({ path, port = "http", command, periodSeconds = 10, timeoutSeconds = 3, failureThreshold = 3 }: Probe) {
  return {
    ...(path === undefined ? {} : { httpGet: { path, port, scheme: "HTTP" } }),
    ...(command === undefined ? {} : { exec: { command: [...command] } }),
    periodSeconds,
    timeoutSeconds,
    failureThreshold,
  };
}

function drain() {
  return { preStop: { sleep: { seconds: DRAIN_SECONDS } } };
}

/** One pod per node is a must while nodes are there, one per zone a wish: S4.52 "pod 30 s, node 5 min". */
function spread(spec: WorkloadSpec) {
  const evenly = (topologyKey: string, whenUnsatisfiable: "DoNotSchedule" | "ScheduleAnyway") => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable,
    // A lost node must not count as an empty one, or no replacement could be placed.
    nodeTaintsPolicy: "Honor",
    labelSelector: { matchLabels: selectorLabels(spec.labels ?? { name: spec.name }) },
    // Old and new pods of a rollout are spread each for themselves.
    ...(spec.kind === "Deployment" ? { matchLabelKeys: ["pod-template-hash"] } : {}),
  });
  return [evenly("kubernetes.io/hostname", "DoNotSchedule"), evenly("topology.kubernetes.io/zone", "ScheduleAnyway")];
}

function lostNodeTolerations() {
  return ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"].map((key) => ({
    key,
    operator: "Exists",
    effect: "NoExecute",
    tolerationSeconds: LOST_NODE_SECONDS,
  }));
}
