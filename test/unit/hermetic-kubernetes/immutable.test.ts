import assert from "node:assert/strict";
import { ApiError } from "../../../hermetic/kubernetes/client/errors";
import type { Changes } from "../../../hermetic/kubernetes/state/diff";
import { immutableChanges } from "../../../hermetic/kubernetes/state/immutable";
import { isImmutable, replacedBy } from "../../../hermetic/kubernetes/state/rejected";

const MUTABLE = { configMaps: true, secrets: true };

function frozen(apiVersion: string, kind: string, paths: string[], oldInputs = {}, mutable = MUTABLE): string[] {
  const changes: Changes = Object.fromEntries(paths.map((path) => [path, "update"]));
  return immutableChanges({ apiVersion, kind }, oldInputs, changes, mutable);
}

describe("immutable fields, without asking the server", () => {
  const cases: [string, string, immutable: string[], mutable: string[]][] = [
    [
      "apps/v1",
      "Deployment",
      ["spec.selector.matchLabels.app"],
      ["spec.replicas", "spec.template.spec.containers[0].image"],
    ],
    ["apps/v1", "DaemonSet", ["spec.selector"], ["spec.template.spec.nodeSelector"]],
    [
      "apps/v1",
      "StatefulSet",
      [
        "spec.serviceName",
        "spec.volumeClaimTemplates[0].spec.storageClassName",
        "spec.podManagementPolicy",
        "spec.selector.matchLabels.a",
      ],
      ["spec.replicas", "spec.template.metadata.labels.a", "spec.updateStrategy.type", "spec.ordinals.start"],
    ],
    [
      "batch/v1",
      "Job",
      ["spec.template.spec.containers[0].image", "spec.completionMode"],
      ["spec.suspend", "spec.ttlSecondsAfterFinished"],
    ],
    [
      "v1",
      "Pod",
      ["spec.containers[0].env[0].value", "spec.nodeName"],
      ["spec.containers[12].image", "spec.tolerations[0]", "metadata.labels.a"],
    ],
    [
      "v1",
      "PersistentVolumeClaim",
      ["spec.storageClassName", "spec.accessModes[0]"],
      ["spec.resources.requests.storage"],
    ],
    ["v1", "Service", ["spec.clusterIP"], ["spec.clusterIPFamily", "spec.ports[0].port", "spec.type"]],
    ["v1", "Secret", ["type"], ["data.a", "stringData.b"]],
    ["rbac.authorization.k8s.io/v1", "RoleBinding", ["roleRef.name"], ["subjects[0].name"]],
    ["rbac.authorization.k8s.io/v1", "ClusterRoleBinding", ["roleRef.kind"], ["subjects[0]"]],
    ["storage.k8s.io/v1", "StorageClass", ["parameters.type", "provisioner"], ["allowVolumeExpansion"]],
    [
      "apiextensions.k8s.io/v1",
      "CustomResourceDefinition",
      ["spec.names.plural", "spec.scope"],
      ["spec.versions[0].schema"],
    ],
    // A kind of the same name in another group is another kind.
    ["serving.knative.dev/v1", "Service", [], ["spec.clusterIP"]],
  ];
  for (const [apiVersion, kind, immutable, mutable] of cases) {
    it(`of a ${apiVersion} ${kind}`, () => {
      assert.deepEqual(frozen(apiVersion, kind, [...immutable, ...mutable]), immutable);
    });
  }

  it("of ConfigMaps and Secrets that are marked as immutable, or by the provider's option", () => {
    assert.deepEqual(frozen("v1", "ConfigMap", ["data.a", "metadata.labels.b"]), []);
    assert.deepEqual(frozen("v1", "ConfigMap", ["data.a", "immutable", "metadata.labels.b"], { immutable: true }), [
      "data.a",
      "immutable",
    ]);
    assert.deepEqual(frozen("v1", "Secret", ["stringData.a"], { immutable: true }), ["stringData.a"]);
    assert.deepEqual(frozen("v1", "ConfigMap", ["data.a"], {}, { configMaps: false, secrets: true }), ["data.a"]);
    assert.deepEqual(frozen("v1", "Secret", ["data.a"], {}, { configMaps: false, secrets: true }), []);
  });
});

describe("immutable fields, as the server refuses them", () => {
  const invalid = (...causes: [field: string, message: string][]) =>
    new ApiError(422, {
      message: causes.map(([field, message]) => `${field}: ${message}`).join(", "),
      reason: "Invalid",
      details: { causes: causes.map(([field, message]) => ({ reason: "FieldValueInvalid", field, message })) },
    });

  it("are recognised in every wording of the API server", () => {
    for (const text of [
      'Invalid value: {"app":"b"}: field is immutable',
      "spec.clusterIP: Invalid value: []string(nil): may not change once set: field is immutable",
      'Invalid value: "x": may not be changed once set',
      "Forbidden: pod updates may not change fields other than `spec.containers[*].image`",
      "Forbidden: updates to statefulset spec for fields other than 'replicas' are forbidden",
      "Forbidden: spec is immutable after creation except resources.requests",
      "Invalid value: rbac.RoleRef{}: cannot change roleRef",
      "Forbidden: updates to provisioner are forbidden.",
      "Value is immutable",
    ]) {
      assert.ok(isImmutable(text), text);
    }
    for (const text of ["Required value", 'Unsupported value: "x"', "must be greater than or equal to 0"])
      assert.ok(!isImmutable(text), text);
  });

  it("are the changed paths that it blames", () => {
    const changes: Changes = { "spec.selector.a": "update", "spec.replicas": "update" };
    assert.deepEqual(replacedBy(invalid(["spec.selector", "Invalid value: {}: field is immutable"]), changes), [
      "spec.selector.a",
    ]);
  });

  it("are all changed paths when it blames a field that the program did not change", () => {
    assert.deepEqual(replacedBy(invalid(["spec", "Forbidden: spec is immutable"]), { "spec.a": "add" }), ["spec.a"]);
    assert.deepEqual(replacedBy(invalid(["status.x", "Value is immutable"]), { "spec.a": "add" }), ["spec.a"]);
  });

  it("are none when it refuses for another reason", () => {
    assert.deepEqual(replacedBy(invalid(["spec.selector", "Required value"]), { "spec.selector": "delete" }), []);
    assert.deepEqual(replacedBy(new ApiError(409, { message: "field is immutable" }), { a: "add" }), []);
  });
});
