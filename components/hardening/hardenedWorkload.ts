import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { checkWorkload } from "./checkWorkload";
import { jobPodSpec } from "./jobPod";
import {
  cronJobArgs,
  deploymentArgs,
  jobArgs,
  podDisruptionBudgetArgs,
  serviceAccountArgs,
  statefulSetArgs,
} from "./workloadArgs";
import type { WorkloadSpec } from "./workloadSpec";
import { dependingOn } from "../dependingOn";

/**
 * One workload with the pod and container hardening of S4.13 to S4.17, its own ServiceAccount without a token and, where
 * it has a spare pod, a disruption budget. Every workload of the project is one of these.
 */
export class HardenedWorkload extends pulumi.ComponentResource {
  /** Deployment, StatefulSet, CronJob or Job. */
  readonly workload: pulumi.CustomResource;
  /** Name of the ServiceAccount, known at preview. */
  readonly serviceAccountName: string;

  constructor(name: string, spec: WorkloadSpec, opts?: pulumi.ComponentResourceOptions) {
    checkWorkload(spec);
    super("fhir-landing-zone:hardening:HardenedWorkload", name, { ...spec }, opts);
    const options = { parent: this, ...dependingOn(opts) };

    this.serviceAccountName = spec.serviceAccount ?? spec.name;
    const account =
      spec.serviceAccount === undefined
        ? [new kubernetes.core.v1.ServiceAccount(name, serviceAccountArgs(spec), options)]
        : [];
    if (spec.kind === "Deployment" || spec.kind === "StatefulSet") {
      const budget = podDisruptionBudgetArgs(spec);
      if (budget !== undefined) new kubernetes.policy.v1.PodDisruptionBudget(name, budget, options);
    }
    this.workload = createWorkload(name, spec, account.length > 0 ? { parent: this, dependsOn: account } : options);
    this.registerOutputs({});
  }
}

function createWorkload(name: string, spec: WorkloadSpec, own: pulumi.CustomResourceOptions): pulumi.CustomResource {
  switch (spec.kind) {
    case "Deployment":
      return new kubernetes.apps.v1.Deployment(name, deploymentArgs(spec), own);
    case "StatefulSet":
      return new kubernetes.apps.v1.StatefulSet(name, statefulSetArgs(spec), own);
    case "CronJob":
      return new kubernetes.batch.v1.CronJob(name, cronJobArgs(spec, jobPodSpec(spec)), own);
    case "Job":
      return new kubernetes.batch.v1.Job(name, jobArgs(spec, jobPodSpec(spec)), own);
  }
}
