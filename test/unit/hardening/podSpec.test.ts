import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { hardenedPodSpec, jobPodSpec, type CronJobSpec, type WorkloadSpec } from "../../../components/hardening";

const DIGEST = `registry.example.com/app:1@sha256:${"b".repeat(64)}`;
const BASE = { name: "app", namespace: "apps", image: DIGEST };
const DEPLOYMENT: WorkloadSpec = {
  ...BASE,
  kind: "Deployment",
  ports: { http: 8080 },
  liveness: { path: "/health" },
  readiness: { path: "/ready" },
};
const CRON_JOB: CronJobSpec = { ...BASE, kind: "CronJob", schedule: "0 1 * * *", env: { A: "1", B: "2" } };

const KINDS: WorkloadSpec[] = [
  DEPLOYMENT,
  { ...DEPLOYMENT, kind: "StatefulSet", serviceName: "app" },
  { ...BASE, kind: "Job" },
  CRON_JOB,
];

describe("hardenedPodSpec", () => {
  for (const spec of KINDS) {
    const full = {
      ...spec,
      sidecars: [{ name: "side", image: DIGEST }],
      initContainers: [{ name: "init", image: DIGEST }],
    };

    it(`gives every container of a ${spec.kind} the context of S4.14`, () => {
      const pod = hardenedPodSpec(full);
      const containers = [...pod.containers, ...(pod.initContainers ?? [])];
      assert.equal(containers.length, 3);
      for (const { securityContext, resources } of containers) {
        assert.equal(securityContext.allowPrivilegeEscalation, false);
        assert.equal(securityContext.readOnlyRootFilesystem, true);
        assert.equal(securityContext.privileged, false);
        assert.deepEqual(securityContext.capabilities, { drop: ["ALL"] });
        assert.deepEqual(Object.keys(resources.limits), ["cpu", "memory", "ephemeral-storage"]);
        assert.deepEqual(Object.keys(resources.requests), ["cpu", "memory", "ephemeral-storage"]);
      }
    });

    it(`gives the pod of a ${spec.kind} the context of S4.13 and no token`, () => {
      const pod = hardenedPodSpec(spec);
      const { runAsNonRoot, runAsUser, runAsGroup, fsGroup, seccompProfile } = pod.securityContext;
      assert.deepEqual([runAsNonRoot, runAsUser, runAsGroup, fsGroup], [true, 65532, 65532, 65532]);
      assert.deepEqual(seccompProfile, { type: "RuntimeDefault" });
      assert.equal(pod.automountServiceAccountToken, false);
      assert.equal(pod.serviceAccountName, "app");
      assert.equal(pod.enableServiceLinks, false);
      assert.equal(pod.hostUsers, false);
    });
  }

  it("replaces pods of a lost node after 30 s and puts one on each node (S4.52)", () => {
    const pod = hardenedPodSpec(DEPLOYMENT);
    assert.deepEqual(
      pod.tolerations?.map(({ key, tolerationSeconds }) => [key, tolerationSeconds]),
      [
        ["node.kubernetes.io/not-ready", 30],
        ["node.kubernetes.io/unreachable", 30],
      ],
    );
    const [node] = pod.topologySpreadConstraints ?? [];
    assert.equal(node?.topologyKey, "kubernetes.io/hostname");
    assert.equal(node?.whenUnsatisfiable, "DoNotSchedule");
    assert.equal(node?.nodeTaintsPolicy, "Honor");
  });

  it("lets a Deployment drain, and gives jobs an end instead", () => {
    const [main] = hardenedPodSpec(DEPLOYMENT).containers as { lifecycle?: unknown }[];
    assert.deepEqual(main?.lifecycle, { preStop: { sleep: { seconds: 5 } } });
    const job = hardenedPodSpec(CRON_JOB);
    assert.equal(job.restartPolicy, "Never");
    assert.equal(job.tolerations, undefined);
  });

  it("pulls an image without digest each time, one with digest once", () => {
    assert.equal(hardenedPodSpec(DEPLOYMENT).containers[0]?.imagePullPolicy, "IfNotPresent");
    assert.equal(hardenedPodSpec({ ...DEPLOYMENT, image: "app:1" }).containers[0]?.imagePullPolicy, "Always");
  });

  it("makes writable paths emptyDirs with a limit, and secrets files for the group only", () => {
    const pod = hardenedPodSpec({
      ...DEPLOYMENT,
      writable: { "/tmp": "32Mi" },
      memory: { "/run/keys": "1Mi" },
      files: [
        { path: "/run/secrets/app", secret: "app", keys: ["password"] },
        { path: "/etc/app", configMap: "app" },
        { path: "/opt/app", configMap: "scripts", executable: true },
      ],
    });
    assert.deepEqual(pod.volumes, [
      { name: "write-tmp", emptyDir: { sizeLimit: "32Mi" } },
      { name: "memory-run-keys", emptyDir: { medium: "Memory", sizeLimit: "1Mi" } },
      {
        name: "secret-run-secrets-app",
        secret: { secretName: "app", defaultMode: 0o440, items: [{ key: "password", path: "password" }] },
      },
      { name: "config-etc-app", configMap: { name: "app" } },
      { name: "config-opt-app", configMap: { name: "scripts", defaultMode: 0o555 } },
    ]);
    const readOnly = pod.containers[0]?.volumeMounts.map(({ mountPath, readOnly: only }) => [mountPath, only ?? false]);
    assert.deepEqual(readOnly, [
      ["/tmp", false],
      ["/run/keys", false],
      ["/run/secrets/app", true],
      ["/etc/app", true],
      ["/opt/app", true],
    ]);
  });

  it("has a claim template for a StatefulSet, an own claim for a job, and a given claim for both", () => {
    const volumes = [{ name: "data", path: "/data", size: "5Gi" }];
    assert.deepEqual(hardenedPodSpec({ ...DEPLOYMENT, kind: "StatefulSet", serviceName: "app", volumes }).volumes, []);
    const [own] = hardenedPodSpec({ ...CRON_JOB, volumes }).volumes;
    assert.deepEqual(Object.keys(own ?? {}), ["name", "ephemeral"]);
    const [given] = hardenedPodSpec({ ...CRON_JOB, volumes: [{ name: "data", path: "/data", claim: "old" }] }).volumes;
    assert.deepEqual(given, { name: "data", persistentVolumeClaim: { claimName: "old" } });
  });

  for (const user of [0, -1, 1.5, 1337]) {
    it(`refuses user ${String(user)}`, () => {
      assert.throws(
        () => hardenedPodSpec({ ...DEPLOYMENT, user }),
        /HardenedWorkload "app": user .*allowed: a whole number/,
      );
    });
  }
});

describe("jobPodSpec", () => {
  it("is what hardenedPodSpec says, put together by kubernetesx", async () => {
    const spec = { ...CRON_JOB, ports: { http: 8080 }, writable: { "/tmp": "1Mi" } };
    const built = await resolved(jobPodSpec(spec));
    const plain = hardenedPodSpec(spec);
    assert.deepEqual(built, { ...plain, initContainers: [], containers: [withLists(plain.containers[0])] });
  });
});

/** kubernetesx writes ports without the default protocol. */
function withLists(container: ReturnType<typeof hardenedPodSpec>["containers"][number] | undefined): object {
  return { ...container, ports: [{ name: "http", containerPort: 8080 }] };
}

function resolved<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => output.apply((value) => resolve(value)));
}
