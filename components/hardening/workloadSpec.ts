import type { WorkloadLabels } from "./labels";

/** Amounts of one container, requests or limits. */
export interface Amounts {
  cpu: string;
  memory: string;
  /** Includes logs and the writable paths that are on disk. */
  ephemeralStorage: string;
}

export interface Resources {
  requests: Amounts;
  limits: Amounts;
}

/** One probe: `path` and `port` for HTTP, or `command` to run in the container. */
export interface Probe {
  /** HTTP path on `port`. */
  path?: string;
  /** Name of the port in `ports`. @default "http" */
  port?: string;
  /** Run in the container instead of HTTP. */
  command?: readonly string[];
  /** @default 10 */
  periodSeconds?: number;
  /** @default 3 */
  timeoutSeconds?: number;
  /** @default 3 */
  failureThreshold?: number;
}

/** A directory of files that come from a Secret or a ConfigMap. There is no way to put a Secret into the environment. */
export interface FileMount {
  /** Absolute path of the directory. */
  path: string;
  secret?: string;
  configMap?: string;
  /** Keys to show; the others are not visible to the workload. @default all of a ConfigMap; a Secret must name them */
  keys?: readonly string[];
  /** Whether the files are scripts. @default false */
  executable?: boolean;
}

/**
 * A volume of the cluster's storage. A StatefulSet makes one per pod and keeps it; a Job gets one of its own that goes with
 * it; `claim` mounts one that is there.
 */
export interface PersistentVolume {
  /** Name of the volume, and of the claim template of a StatefulSet. */
  name: string;
  path: string;
  /** @default "10Gi" */
  size?: string;
  /** @default the cluster's default class */
  storageClass?: string;
  /** Claim that exists already. @default a new one */
  claim?: string;
}

/** One container, declaratively: what is not here is decided by the hardening. */
export interface ContainerSpec {
  name: string;
  image: string;
  command?: readonly string[];
  args?: readonly string[];
  /** Plain settings only. Names that look like credentials are refused. */
  env?: Readonly<Record<string, string>>;
  /** Name → number. */
  ports?: Readonly<Record<string, number>>;
  /** @default {@link DEFAULT_RESOURCES} */
  resources?: Resources;
  liveness?: Probe;
  readiness?: Probe;
  startup?: Probe;
}

export interface PodOptions {
  /** User and group id that the image is built for. @default 65532, "nonroot" of distroless images */
  user?: number;
  /** Path → size of an emptyDir: the root file system is read-only. @default none */
  writable?: Readonly<Record<string, string>>;
  /** Path → size of an emptyDir in memory: for what must never reach a disk. @default none */
  memory?: Readonly<Record<string, string>>;
  files?: readonly FileMount[];
  volumes?: readonly PersistentVolume[];
  /** Containers next to the main one; they see the same writable paths, files and volumes. @default none */
  sidecars?: readonly ContainerSpec[];
  /** Run to the end, in this order, before the others. @default none */
  initContainers?: readonly ContainerSpec[];
  /** Whether the namespace injects an Istio sidecar: adds its resource and start-order annotations. @default false */
  meshed?: boolean;
  /** @default 30 */
  terminationGracePeriodSeconds?: number;
  /** @default none: the cluster's default priority */
  priorityClassName?: string;
  /**
   * A user namespace of its own for each pod (`hostUsers: false`): root in the container would still be nobody on the
   * node. Turn it off only on nodes whose kernel or runtime has no support. @default true
   */
  userNamespace?: boolean;
  /** More pod annotations. @default none */
  annotations?: Readonly<Record<string, string>>;
  /** @default none: public registries, or credentials of the node */
  imagePullSecrets?: readonly string[];
}

/** What the four kinds share. */
interface Common extends ContainerSpec, PodOptions {
  namespace: string;
  /** @default name of the workload */
  labels?: WorkloadLabels;
  /**
   * ServiceAccount that exists already, because something must know it before the workload (a SecretStore) or because
   * jobs of one kind share it. @default a new one with the workload's name
   */
  serviceAccount?: string;
}

export interface DeploymentSpec extends Common {
  kind: "Deployment";
  /** @default 2: one node may go at any time, and a disruption budget needs a spare pod */
  replicas?: number;
}

export interface StatefulSetSpec extends Common {
  kind: "StatefulSet";
  /** @default 1 */
  replicas?: number;
  /** Headless Service that gives the pods their names. */
  serviceName: string;
}

export interface JobSpec extends Common {
  kind: "Job";
  /** @default 3600: a job that hangs must fail, so that its alert fires */
  activeDeadlineSeconds?: number;
  /** @default 2 */
  backoffLimit?: number;
}

export interface CronJobSpec extends Common {
  kind: "CronJob";
  /** Cron expression in UTC, or `"on demand"`: suspended, a template for `kubectl create job --from=cronjob/NAME`. */
  schedule: string;
  activeDeadlineSeconds?: number;
  backoffLimit?: number;
}

export type WorkloadSpec = DeploymentSpec | StatefulSetSpec | JobSpec | CronJobSpec;

/** S4.15. */
export const DEFAULT_RESOURCES: Resources = {
  requests: { cpu: "100m", memory: "128Mi", ephemeralStorage: "50Mi" },
  limits: { cpu: "500m", memory: "512Mi", ephemeralStorage: "100Mi" },
};
