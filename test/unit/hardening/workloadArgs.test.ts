import assert from "node:assert/strict";
import {
  cronJobArgs,
  deploymentArgs,
  hardenedPodSpec,
  podDisruptionBudgetArgs,
  serviceAccountArgs,
  statefulSetArgs,
  type CronJobSpec,
  type DeploymentSpec,
  type StatefulSetSpec,
} from "../../../components/hardening";

const DEPLOYMENT: DeploymentSpec = {
  kind: "Deployment",
  name: "app",
  namespace: "apps",
  image: "app:1",
  labels: { name: "app", partOf: "system", component: "server" },
};
const STATEFUL_SET: StatefulSetSpec = { ...DEPLOYMENT, kind: "StatefulSet", serviceName: "app" };
const CRON_JOB: CronJobSpec = { ...DEPLOYMENT, kind: "CronJob", schedule: "0 1 * * *" };

describe("deploymentArgs", () => {
  it("never has fewer ready pods than asked for, and selects only what can't change", () => {
    const { spec } = deploymentArgs(DEPLOYMENT);
    assert.equal(spec.replicas, 2);
    assert.deepEqual(spec.strategy.rollingUpdate, { maxSurge: 1, maxUnavailable: 0 });
    assert.deepEqual(spec.selector, { matchLabels: { "app.kubernetes.io/name": "app" } });
    assert.equal(spec.template.metadata.labels["app.kubernetes.io/component"], "server");
  });

  it("annotates the pod for the sidecar only in the mesh", () => {
    assert.equal(deploymentArgs(DEPLOYMENT).spec.template.metadata.annotations, undefined);
    const { annotations } = deploymentArgs({ ...DEPLOYMENT, meshed: true }).spec.template.metadata;
    assert.equal(annotations?.["proxy.istio.io/config"], '{"holdApplicationUntilProxyStarts":true}');
    assert.ok(annotations["sidecar.istio.io/proxyCPULimit"]);
    assert.ok(annotations["sidecar.istio.io/proxyMemoryLimit"]);
  });
});

describe("statefulSetArgs", () => {
  it("keeps claims, and makes a template only for volumes without a claim", () => {
    const { spec } = statefulSetArgs({
      ...STATEFUL_SET,
      volumes: [
        { name: "data", path: "/data", size: "5Gi", storageClass: "encrypted" },
        { name: "old", path: "/old", claim: "there" },
      ],
    });
    assert.deepEqual(spec.persistentVolumeClaimRetentionPolicy, { whenDeleted: "Retain", whenScaled: "Retain" });
    assert.deepEqual(
      spec.volumeClaimTemplates.map(({ metadata, spec: claim }) => [
        metadata.name,
        claim.storageClassName,
        claim.resources,
      ]),
      [["data", "encrypted", { requests: { storage: "5Gi" } }]],
    );
  });
});

describe("cronJobArgs", () => {
  const pod = hardenedPodSpec(CRON_JOB);

  it("never overlaps and always ends", () => {
    const { spec } = cronJobArgs(CRON_JOB, pod);
    assert.deepEqual([spec.schedule, spec.suspend, spec.concurrencyPolicy], ["0 1 * * *", false, "Forbid"]);
    assert.equal(spec.jobTemplate.spec.activeDeadlineSeconds, 3600);
    assert.equal(spec.jobTemplate.spec.template.spec, pod);
  });

  it("is suspended when a person starts it", () => {
    assert.equal(cronJobArgs({ ...CRON_JOB, schedule: "on demand" }, pod).spec.suspend, true);
  });
});

describe("podDisruptionBudgetArgs (S4.16)", () => {
  it("keeps one pod and lets broken ones go", () => {
    const budget = podDisruptionBudgetArgs(DEPLOYMENT);
    assert.equal(budget?.metadata.namespace, "apps");
    assert.equal(budget.spec.minAvailable, 1);
    assert.equal(budget.spec.unhealthyPodEvictionPolicy, "AlwaysAllow");
  });

  it("is not made for one pod, where it would block every drain", () => {
    assert.equal(podDisruptionBudgetArgs(STATEFUL_SET), undefined);
    assert.notEqual(podDisruptionBudgetArgs({ ...STATEFUL_SET, replicas: 2 }), undefined);
  });
});

describe("serviceAccountArgs (S4.39)", () => {
  it("mounts no token", () => {
    const account = serviceAccountArgs({ name: "app", namespace: "apps", annotations: { a: "b" } });
    assert.equal(account.automountServiceAccountToken, false);
    assert.deepEqual(account.metadata.annotations, { a: "b" });
  });
});
