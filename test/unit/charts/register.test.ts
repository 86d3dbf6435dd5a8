import assert from "node:assert/strict";
import type { KubernetesObject } from "../../../components/charts";
import { parseObjects } from "../../../components/charts/object";
import { dependencies, needs, resourceName } from "../../../components/charts/register";
import { classOf } from "../../../components/charts/resource";
import { configMap, definition } from "./fixtures";

const objects = (...documents: string[]) => parseObjects("test", documents.join("---\n"));
const NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata: { name: apps }\n";
const custom = (group: string) => `apiVersion: ${group}/v1\nkind: Widget\nmetadata: { name: one, namespace: apps }\n`;

describe("needs", () => {
  const all = objects(
    definition("example.com", "Widget"),
    definition("other.com", "Widget"),
    NAMESPACE,
    custom("example.com"),
    configMap("a", "  namespace: elsewhere\n"),
  );
  const [ours, , namespace, widget, map] = all as [
    KubernetesObject,
    KubernetesObject,
    KubernetesObject,
    KubernetesObject,
    KubernetesObject,
  ];

  it("are the definition of one's kind and one's namespace, nothing else", () => {
    assert.deepEqual(needs(widget, all), [ours, namespace]);
    assert.deepEqual(needs(map, all), []);
    assert.deepEqual(needs(ours, all), []);
    assert.deepEqual(needs(namespace, all), []);
  });
});

describe("resourceName", () => {
  it("is never the same for two objects of a kind", () => {
    const named = (namespace: string | undefined, name: string) => ({
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
    });
    const names = [named("a", "b-c"), named("a-b", "c"), named(undefined, "a-b-c")].map((object) =>
      resourceName("x", object),
    );
    assert.equal(new Set(names).size, 3);
    assert.equal(names[0], "x-secret-a/b-c");
  });
});

describe("dependencies", () => {
  it("refuses a list inside an Output", () => {
    assert.deepEqual(dependencies(undefined), []);
    assert.throws(() => dependencies(Promise.resolve([])), /resource or a list of resources/);
  });
});

describe("classOf", () => {
  const type = (apiVersion: string, kind: string) =>
    (classOf({ apiVersion, kind }) as unknown as { __pulumiType?: string } | undefined)?.__pulumiType;

  it("is the SDK's own class for every kind that charts usually have", () => {
    const kinds: [string, string[]][] = [
      [
        "v1",
        [
          "ConfigMap",
          "Namespace",
          "PersistentVolumeClaim",
          "Pod",
          "Secret",
          "Service",
          "ServiceAccount",
          "LimitRange",
          "ResourceQuota",
        ],
      ],
      ["apps/v1", ["DaemonSet", "Deployment", "StatefulSet"]],
      ["batch/v1", ["CronJob", "Job"]],
      ["autoscaling/v2", ["HorizontalPodAutoscaler"]],
      ["policy/v1", ["PodDisruptionBudget"]],
      ["networking.k8s.io/v1", ["Ingress", "IngressClass", "NetworkPolicy"]],
      ["rbac.authorization.k8s.io/v1", ["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"]],
      [
        "admissionregistration.k8s.io/v1",
        ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration", "ValidatingAdmissionPolicy"],
      ],
      ["apiextensions.k8s.io/v1", ["CustomResourceDefinition"]],
      ["apiregistration.k8s.io/v1", ["APIService"]],
      ["scheduling.k8s.io/v1", ["PriorityClass"]],
      ["storage.k8s.io/v1", ["CSIDriver", "StorageClass"]],
      ["coordination.k8s.io/v1", ["Lease"]],
      ["flowcontrol.apiserver.k8s.io/v1", ["FlowSchema"]],
    ];
    for (const [apiVersion, list] of kinds) {
      const full = apiVersion === "v1" ? "core/v1" : apiVersion;
      for (const kind of list) assert.equal(type(apiVersion, kind), `kubernetes:${full}:${kind}`);
    }
  });

  it("is none for custom kinds, also those with well-known names", () => {
    assert.equal(classOf({ apiVersion: "example.com/v1", kind: "Deployment" }), undefined);
    assert.equal(classOf({ apiVersion: "apps/v9", kind: "Deployment" }), undefined);
    assert.equal(classOf({ apiVersion: "v1", kind: "Widget" }), undefined);
    assert.equal(classOf({ apiVersion: "v1", kind: "constructor" }), undefined);
  });
});
