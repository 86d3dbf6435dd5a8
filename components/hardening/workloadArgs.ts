import type * as kubernetes from "@pulumi/kubernetes";
import { objectLabels, selectorLabels, type WorkloadLabels } from "./labels";
import { hardenedPodSpec } from "./podSpec";
import { claimSpec } from "./volumes";
import type { CronJobSpec, DeploymentSpec, JobSpec, StatefulSetSpec, WorkloadSpec } from "./workloadSpec";

/** Resources and start order of the injected Istio sidecar; a namespace with quotas needs both amounts. */
export function sidecarAnnotations(): Record<string, string> {
  return {
    "sidecar.istio.io/proxyCPU": "50m",
    "sidecar.istio.io/proxyCPULimit": "500m",
    "sidecar.istio.io/proxyMemory": "64Mi",
    "sidecar.istio.io/proxyMemoryLimit": "256Mi",
    // The application's first connection finds a proxy that works.
    "proxy.istio.io/config": JSON.stringify({ holdApplicationUntilProxyStarts: true }),
  };
}

function labelsOf(spec: WorkloadSpec): WorkloadLabels {
  return spec.labels ?? { name: spec.name };
}

function metadata(spec: WorkloadSpec) {
  return { name: spec.name, namespace: spec.namespace, labels: objectLabels(labelsOf(spec)) };
}

/** Labels and annotations of the pod, without its spec. */
export function podMetadata(spec: WorkloadSpec) {
  const annotations = { ...(spec.meshed ? sidecarAnnotations() : {}), ...spec.annotations };
  return {
    labels: objectLabels(labelsOf(spec)),
    ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
  };
}

function template(spec: WorkloadSpec) {
  return { metadata: podMetadata(spec), spec: hardenedPodSpec(spec) };
}

export function deploymentArgs(spec: DeploymentSpec) {
  return {
    metadata: metadata(spec),
    spec: {
      replicas: spec.replicas ?? 2,
      revisionHistoryLimit: 5,
      // A rollout that does not become ready fails instead of waiting for ever.
      progressDeadlineSeconds: 300,
      selector: { matchLabels: selectorLabels(labelsOf(spec)) },
      // Never fewer ready pods than asked for.
      strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      template: template(spec),
    },
  } satisfies kubernetes.types.input.apps.v1.Deployment;
}

export function statefulSetArgs(spec: StatefulSetSpec) {
  const templates = (spec.volumes ?? []).filter(({ claim }) => claim === undefined);
  return {
    metadata: metadata(spec),
    spec: {
      replicas: spec.replicas ?? 1,
      revisionHistoryLimit: 5,
      serviceName: spec.serviceName,
      selector: { matchLabels: selectorLabels(labelsOf(spec)) },
      // Data is never deleted by the controller: a restore needs what is left.
      persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
      template: template(spec),
      volumeClaimTemplates: templates.map((volume) => ({
        metadata: { name: volume.name, labels: objectLabels(labelsOf(spec)) },
        spec: claimSpec(volume),
      })),
    },
  } satisfies kubernetes.types.input.apps.v1.StatefulSet;
}

/** Everything of a Job but its pod: see `jobPod.ts`. */
function jobSettings(spec: JobSpec | CronJobSpec) {
  return {
    // A job that hangs must end, or the alert on its age is the only one to tell.
    activeDeadlineSeconds: spec.activeDeadlineSeconds ?? 3600,
    backoffLimit: spec.backoffLimit ?? 2,
  };
}

/** @param pod the pod's spec, as `jobPodSpec` of `jobPod.ts` makes it */
export function jobArgs<Pod>(spec: JobSpec, pod: Pod) {
  return {
    metadata: metadata(spec),
    spec: { ...jobSettings(spec), template: { metadata: podMetadata(spec), spec: pod } },
  };
}

/** The schedule of a template that nobody but a person starts: suspended, and at a date that comes once a year. */
const ON_DEMAND = "0 0 1 1 *";

/** @param pod the pod's spec, as `jobPodSpec` of `jobPod.ts` makes it */
export function cronJobArgs<Pod>(spec: CronJobSpec, pod: Pod) {
  const onDemand = spec.schedule === "on demand";
  return {
    metadata: metadata(spec),
    spec: {
      schedule: onDemand ? ON_DEMAND : spec.schedule,
      timeZone: "Etc/UTC",
      suspend: onDemand,
      concurrencyPolicy: "Forbid",
      // A start that was missed during an upgrade of the control plane still happens.
      startingDeadlineSeconds: 600,
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 3,
      jobTemplate: {
        metadata: { labels: objectLabels(labelsOf(spec)) },
        spec: { ...jobSettings(spec), template: { metadata: podMetadata(spec), spec: pod } },
      },
    },
  };
}

export interface ServiceAccountSpec {
  name: string;
  namespace: string;
  /** @default the account's name */
  labels?: WorkloadLabels;
  /** For instance for Workload Identity. @default none */
  annotations?: Readonly<Record<string, string>>;
}

/** S4.39: an identity for the mesh and for Vault, without a token for the API server in every pod. */
export function serviceAccountArgs({ name, namespace, labels, annotations }: ServiceAccountSpec) {
  return {
    metadata: {
      name,
      namespace,
      labels: objectLabels(labels ?? { name }),
      ...(annotations === undefined ? {} : { annotations: { ...annotations } }),
    },
    automountServiceAccountToken: false,
  } satisfies kubernetes.types.input.core.v1.ServiceAccount;
}

/** S4.16; none for a workload with one pod, where it would block every drain. */
export function podDisruptionBudgetArgs(spec: DeploymentSpec | StatefulSetSpec) {
  const replicas = spec.replicas ?? (spec.kind === "Deployment" ? 2 : 1);
  if (replicas < 2) return undefined;
  return {
    metadata: metadata(spec),
    spec: {
      minAvailable: 1,
      // A pod that never became ready may go: otherwise a broken release would block node upgrades.
      unhealthyPodEvictionPolicy: "AlwaysAllow",
      selector: { matchLabels: selectorLabels(labelsOf(spec)) },
    },
  } satisfies kubernetes.types.input.policy.v1.PodDisruptionBudget;
}
