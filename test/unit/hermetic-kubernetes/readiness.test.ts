import assert from "node:assert/strict";
import { daemonSetReadiness } from "../../../hermetic/kubernetes/await/daemonSet";
import { definitionReadiness, namespaceReadiness } from "../../../hermetic/kubernetes/await/definitions";
import { deploymentReadiness } from "../../../hermetic/kubernetes/await/deployment";
import { whyStillThere } from "../../../hermetic/kubernetes/await/gone";
import { jobReadiness } from "../../../hermetic/kubernetes/await/job";
import { podReadiness } from "../../../hermetic/kubernetes/await/pod";
import type { Readiness, ReadinessOf } from "../../../hermetic/kubernetes/await/readiness";
import { labelSelector } from "../../../hermetic/kubernetes/await/selector";
import { serviceReadiness } from "../../../hermetic/kubernetes/await/service";
import { statefulSetReadiness } from "../../../hermetic/kubernetes/await/statefulSet";
import { volumeClaimReadiness } from "../../../hermetic/kubernetes/await/volumeClaim";
import type { JsonObject } from "../../../hermetic/protocol/values";

function says(verdict: Readiness, state: Readiness["state"], reason?: RegExp): void {
  assert.equal(verdict.state, state, JSON.stringify(verdict));
  if (reason && verdict.state !== "ready") assert.match(verdict.reason, reason);
}

const seen = (spec: JsonObject, status: JsonObject): JsonObject => ({
  metadata: { generation: 2 },
  spec,
  status: { observedGeneration: 2, ...status },
});
const condition = (type: string, status: string, reason = "", message = "") => ({ type, status, reason, message });

const crashing: JsonObject = {
  metadata: { name: "web-1" },
  status: {
    phase: "Running",
    containerStatuses: [{ name: "main", state: { waiting: { reason: "CrashLoopBackOff", message: "back-off 10s" } } }],
    conditions: [condition("Ready", "False", "ContainersNotReady")],
  },
};
const unschedulable: JsonObject = {
  metadata: { name: "web-2" },
  status: {
    phase: "Pending",
    conditions: [condition("PodScheduled", "False", "Unschedulable", "0/3 nodes are available")],
  },
};

describe("a controller that has not seen the newest version", () => {
  const workloads: [string, ReadinessOf][] = [
    ["Deployment", deploymentReadiness],
    ["StatefulSet", statefulSetReadiness],
    ["DaemonSet", daemonSetReadiness],
  ];
  for (const [kind, readiness] of workloads) {
    it(`keeps a ${kind} pending, whatever its old status says`, () => {
      const status = { observedGeneration: 1, replicas: 1, readyReplicas: 1, updatedReplicas: 1, availableReplicas: 1 };
      says(readiness({ metadata: { generation: 2 }, spec: { replicas: 1 }, status }), "pending", /has not seen/);
      says(readiness({ metadata: { generation: 1 } }), "pending", /has not seen/);
    });
  }
});

describe("a Deployment", () => {
  it("is ready when every replica is new and available", () => {
    says(
      deploymentReadiness(seen({ replicas: 2 }, { replicas: 2, updatedReplicas: 2, availableReplicas: 2 })),
      "ready",
    );
    says(deploymentReadiness(seen({ replicas: 0 }, {})), "ready");
    says(deploymentReadiness(seen({ replicas: 2, paused: true }, { replicas: 2 })), "ready");
  });

  it("is pending while old replicas remain or new ones are missing", () => {
    says(
      deploymentReadiness(seen({ replicas: 1 }, { replicas: 2, updatedReplicas: 1, availableReplicas: 2 })),
      "pending",
      /1 of the old version/,
    );
    says(
      deploymentReadiness(seen({ replicas: 2 }, { replicas: 2, updatedReplicas: 1, availableReplicas: 2 })),
      "pending",
      /2 of 2 replicas are available, 1 updated/,
    );
    says(deploymentReadiness(seen({}, {})), "pending", /0 of 1/);
  });

  it("says why: quota, pods", () => {
    const status = { conditions: [condition("ReplicaFailure", "True", "FailedCreate", "exceeded quota: tight")] };
    says(deploymentReadiness(seen({ replicas: 1 }, status)), "pending", /exceeded quota: tight/);
    says(
      deploymentReadiness(seen({ replicas: 2 }, {}), [crashing, unschedulable]),
      "pending",
      /pod web-1: container "main" is waiting \(CrashLoopBackOff\): back-off 10s; pod web-2: PodScheduled is False \(Unschedulable\): 0\/3 nodes/,
    );
  });

  it("has failed when its progress deadline is over", () => {
    const status = {
      conditions: [condition("Progressing", "False", "ProgressDeadlineExceeded", "timed out progressing")],
    };
    says(deploymentReadiness(seen({ replicas: 1 }, status)), "failed", /timed out progressing/);
  });
});

describe("a StatefulSet", () => {
  it("is ready when every replica is ready and new", () => {
    says(statefulSetReadiness(seen({ replicas: 2 }, { replicas: 2, readyReplicas: 2, updatedReplicas: 2 })), "ready");
    says(
      statefulSetReadiness(seen({ replicas: 2 }, { replicas: 2, readyReplicas: 2, updatedReplicas: 1 })),
      "pending",
      /1 updated/,
    );
    says(
      statefulSetReadiness(seen({ replicas: 2 }, { replicas: 2, readyReplicas: 1, updatedReplicas: 2 }), [crashing]),
      "pending",
      /CrashLoopBackOff/,
    );
  });

  it("waits for no more new replicas than its strategy makes", () => {
    const updateStrategy = { type: "RollingUpdate", rollingUpdate: { partition: 1 } };
    says(
      statefulSetReadiness(
        seen({ replicas: 2, updateStrategy }, { replicas: 2, readyReplicas: 2, updatedReplicas: 1 }),
      ),
      "ready",
    );
    says(
      statefulSetReadiness(
        seen({ replicas: 2, updateStrategy }, { replicas: 2, readyReplicas: 2, updatedReplicas: 0 }),
      ),
      "pending",
    );
    says(
      statefulSetReadiness(
        seen({ replicas: 2, updateStrategy: { type: "OnDelete" } }, { replicas: 2, readyReplicas: 2 }),
      ),
      "ready",
    );
  });
});

describe("a DaemonSet", () => {
  it("is ready when each node that wants it has it, new and available", () => {
    says(
      daemonSetReadiness(seen({}, { desiredNumberScheduled: 2, updatedNumberScheduled: 2, numberAvailable: 2 })),
      "ready",
    );
    says(
      daemonSetReadiness(seen({}, { desiredNumberScheduled: 2, updatedNumberScheduled: 1, numberAvailable: 2 })),
      "pending",
      /2 of 2 pods are available, 1 updated/,
    );
    says(daemonSetReadiness(seen({}, { desiredNumberScheduled: 0 })), "ready");
  });
});

describe("a Job", () => {
  it("is ready when it is done, and failed when it gave up", () => {
    says(jobReadiness(seen({}, { conditions: [condition("Complete", "True")] })), "ready");
    says(jobReadiness(seen({}, { active: 1 })), "pending", /0 of 1 completions, 1 active/);
    says(
      jobReadiness(seen({}, { conditions: [condition("Failed", "True", "BackoffLimitExceeded", "too often")] })),
      "failed",
      /BackoffLimitExceeded\): too often/,
    );
    says(jobReadiness(seen({ suspend: true }, {})), "ready");
  });
});

describe("a Pod", () => {
  it("is ready by its condition or by having ended well", () => {
    says(podReadiness({ status: { phase: "Running", conditions: [condition("Ready", "True")] } }), "ready");
    says(podReadiness({ status: { phase: "Succeeded" } }), "ready");
    says(podReadiness({ status: { phase: "Failed", message: "evicted" } }), "failed", /evicted/);
    says(podReadiness(crashing), "pending", /CrashLoopBackOff/);
    says(podReadiness({}), "pending", /Pending/);
  });
});

describe("a PersistentVolumeClaim", () => {
  const claim = { spec: { storageClassName: "fast" }, status: { phase: "Pending" } };
  it("is ready when bound, or when only a pod can bind it", () => {
    says(volumeClaimReadiness({ status: { phase: "Bound" } }), "ready");
    says(volumeClaimReadiness({ status: { phase: "Lost" } }), "failed");
    says(volumeClaimReadiness(claim, [{ volumeBindingMode: "WaitForFirstConsumer" }]), "ready");
    says(volumeClaimReadiness(claim, [{ volumeBindingMode: "Immediate" }]), "pending", /Pending, not Bound$/);
    says(volumeClaimReadiness(claim, []), "pending", /there is no StorageClass "fast"/);
  });
});

describe("a Service", () => {
  const service = { spec: { selector: { app: "a" } } };
  const slice = (ready: boolean | undefined): JsonObject => ({
    endpoints: [{ addresses: ["10.0.0.1"], conditions: ready === undefined ? {} : { ready } }],
  });
  it("is ready when a ready pod stands behind it", () => {
    says(serviceReadiness(service), "pending");
    says(serviceReadiness(service, [slice(false)]), "pending", /no ready pod matches its selector app=a/);
    says(serviceReadiness(service, [slice(false), slice(true)]), "ready");
    says(serviceReadiness(service, [slice(undefined)]), "ready");
  });
  it("needs no pod when it is headless, external or without selector", () => {
    says(serviceReadiness({ spec: { selector: { app: "a" }, clusterIP: "None" } }), "ready");
    says(serviceReadiness({ spec: { selector: { app: "a" }, type: "ExternalName" } }), "ready");
    says(serviceReadiness({ spec: {} }), "ready");
  });
  it("of type LoadBalancer waits for its address too", () => {
    says(serviceReadiness({ spec: { type: "LoadBalancer" } }), "pending", /no address/);
    says(
      serviceReadiness({ spec: { type: "LoadBalancer" }, status: { loadBalancer: { ingress: [{ ip: "1.2.3.4" }] } } }),
      "ready",
    );
  });
});

describe("a definition and a namespace", () => {
  it("are ready when established and active", () => {
    says(definitionReadiness({}), "pending");
    says(definitionReadiness({ status: { conditions: [condition("Established", "True")] } }), "ready");
    says(
      definitionReadiness({ status: { conditions: [condition("NamesAccepted", "False", "KindConflict", "taken")] } }),
      "failed",
      /KindConflict\): taken/,
    );
    says(namespaceReadiness({ status: { phase: "Active" } }), "ready");
    says(namespaceReadiness({ status: { phase: "Terminating" } }), "pending");
  });
});

describe("an object that stays although it was deleted", () => {
  it("says which finalizers hold it, and a namespace what is left in it", () => {
    assert.equal(
      whyStillThere({ metadata: { finalizers: ["example.com/a", "example.com/b"] } }),
      "finalizers remain: example.com/a, example.com/b",
    );
    const namespace = {
      spec: { finalizers: ["kubernetes"] },
      status: {
        conditions: [
          condition("NamespaceContentRemaining", "True", "", "configmaps. has 1 resource instances"),
          condition("NamespaceFinalizersRemaining", "False", "", "no"),
        ],
      },
    };
    assert.equal(whyStillThere(namespace), "finalizers remain: kubernetes; configmaps. has 1 resource instances");
  });
});

describe("a label selector", () => {
  it("is written as list requests take it", () => {
    const matchExpressions: JsonObject[] = [
      { key: "a", operator: "In", values: ["1", "2"] },
      { key: "b", operator: "NotIn", values: ["3"] },
      { key: "c", operator: "Exists" },
      { key: "d", operator: "DoesNotExist" },
    ];
    assert.equal(labelSelector({ matchLabels: { x: "y" }, matchExpressions }), "x=y,a in (1,2),b notin (3),c,!d");
  });
});
