import assert from "node:assert/strict";
import fc from "fast-check";
import { autoName, idOf, isPatch, kindOf, kindOfToken, parseId } from "../../../hermetic/kubernetes/identity";
import { isManagedBy, managerOf } from "../../../hermetic/kubernetes/ownership";
import { isNamespaced } from "../../../hermetic/kubernetes/scope";
import { secret } from "../../../hermetic/protocol/values";

describe("what an object is", () => {
  it("comes from the inputs, and from the token where they are silent", () => {
    assert.deepEqual(kindOfToken("kubernetes:core/v1:Pod"), { apiVersion: "v1", kind: "Pod" });
    assert.deepEqual(kindOfToken("kubernetes:rbac.authorization.k8s.io/v1:Role"), {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "Role",
    });
    assert.deepEqual(kindOf("kubernetes:core/v1:PodPatch", { apiVersion: secret("v1"), kind: "Pod" }), {
      apiVersion: "v1",
      kind: "Pod",
    });
  });

  it("is a patch only when the token says so and the kind does not", () => {
    assert.ok(isPatch("kubernetes:core/v1:NamespacePatch", { kind: "Namespace" }));
    assert.ok(!isPatch("kubernetes:core/v1:Namespace", { kind: "Namespace" }));
    assert.ok(!isPatch("kubernetes:example.com/v1:EnvoyPatch", { kind: "EnvoyPatch" }));
  });

  it("has an id that leads back to it", () => {
    const name = fc.stringMatching(/^[a-z0-9][a-z0-9.:-]{0,20}$/);
    fc.assert(
      fc.property(fc.option(name, { nil: undefined }), name, (namespace, own) => {
        assert.deepEqual(parseId(idOf({ namespace, name: own })), { namespace, name: own });
      }),
    );
  });

  it("lives in a namespace or not; of custom resources only the server knows", () => {
    assert.equal(isNamespaced({ apiVersion: "v1", kind: "Namespace" }), false);
    assert.equal(isNamespaced({ apiVersion: "apps/v1", kind: "Deployment" }), true);
    assert.equal(isNamespaced({ apiVersion: "cilium.io/v2", kind: "CiliumNetworkPolicy" }), undefined);
  });
});

describe("generated names", () => {
  it("start with the resource's name, are valid and short enough, and follow the seed", () => {
    const seeds = fc.uint8Array({ minLength: 32, maxLength: 32 });
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z][a-z0-9]{0,80}$/), seeds, (name, seed) => {
        const generated = autoName(name, seed);
        assert.match(generated, /^[a-z][a-z0-9]*-[a-z0-9]{8}$/);
        assert.ok(generated.length <= 63);
        assert.ok(generated.startsWith(name.slice(0, 54)));
        assert.equal(generated, autoName(name, seed));
      }),
    );
  });
});

describe("field managers", () => {
  const object = (manager: string, operation = "Apply") => ({ metadata: { managedFields: [{ manager, operation }] } });

  it("differ between resources and are as the official provider's", () => {
    assert.match(managerOf("urn:a"), /^pulumi-kubernetes-[0-9a-f]{10}$/);
    assert.notEqual(managerOf("urn:a"), managerOf("urn:b"));
  });

  it("mark only what they have applied", () => {
    const managers = new Set([managerOf("urn:a")]);
    assert.ok(isManagedBy(object(managerOf("urn:a")), managers));
    assert.ok(!isManagedBy(object(managerOf("urn:b")), managers));
    assert.ok(!isManagedBy(object(managerOf("urn:a"), "Update"), managers));
    assert.ok(!isManagedBy({}, managers));
  });
});
