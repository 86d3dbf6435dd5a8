import * as kx from "@pulumi/kubernetesx";
import type * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { hardenedPodSpec } from "./podSpec";
import type { CronJobSpec, JobSpec } from "./workloadSpec";

/**
 * The pod of a Job, put together by kubernetesx: settings and ports are handed to its builder as maps, and it names and
 * checks them. Only Jobs use it: a `JobSpec` is plain data by its type, so the one Output that `PodBuilder` makes of the
 * whole spec is known at preview and hides nothing from a policy. See docs/decisions/kubernetesx.md.
 */
export function jobPodSpec(spec: JobSpec | CronJobSpec): pulumi.Output<kubernetes.types.input.core.v1.PodSpec> {
  const pod = hardenedPodSpec(spec);
  const [main, ...others] = pod.containers;
  return new kx.PodBuilder({
    ...pod,
    containers: [{ ...main, env: { ...spec.env }, ports: { ...spec.ports } }, ...others],
  }).podSpec;
}
