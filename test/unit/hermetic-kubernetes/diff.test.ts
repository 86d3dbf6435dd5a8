import assert from "node:assert/strict";
import fc from "fast-check";
import { changesBetween, join, overlaps } from "../../../hermetic/kubernetes/state/diff";
import { secret, UNKNOWN, type JsonObject } from "../../../hermetic/protocol/values";
import { object, withSecrets } from "./arbitrary";

describe("changes between inputs", () => {
  it("are none between equal inputs, secret or not", () => {
    fc.assert(
      fc.property(object, (inputs) => {
        assert.deepEqual(changesBetween(inputs, structuredClone(inputs)), {});
        const hidden = withSecrets(inputs, () => true) as JsonObject;
        assert.deepEqual(changesBetween(inputs, hidden), {});
      }),
    );
  });

  it("are there whenever the inputs differ, and mirror when looked at backwards", () => {
    const mirror = { add: "delete", delete: "add", update: "update" } as const;
    fc.assert(
      fc.property(object, object, (left, right) => {
        const forth = changesBetween(left, right);
        const back = changesBetween(right, left);
        assert.deepEqual(back, Object.fromEntries(Object.entries(forth).map(([path, kind]) => [path, mirror[kind]])));
        assert.equal(Object.keys(forth).length === 0, JSON.stringify(sorted(left)) === JSON.stringify(sorted(right)));
      }),
    );
  });

  it("name the narrowest path", () => {
    const before = {
      spec: { ports: [{ port: 80 }], replicas: 1 },
      metadata: { annotations: { "example.com/a": "1" } },
    };
    const after = {
      spec: { ports: [{ port: 81 }, { port: 82 }] },
      metadata: { annotations: { "example.com/a": "2" } },
    };
    assert.deepEqual(changesBetween(before, after), {
      "spec.ports[0].port": "update",
      "spec.ports[1]": "add",
      "spec.replicas": "delete",
      'metadata.annotations["example.com/a"]': "update",
    });
  });

  it("hold no value", () => {
    const changes = changesBetween({ data: secret({ a: "old-password" }) }, { data: secret({ a: "new-password" }) });
    assert.deepEqual(changes, { "data.a": "update" });
  });

  it("take a null for absent and an unknown for changed", () => {
    assert.deepEqual(changesBetween({ a: null }, {}), {});
    assert.deepEqual(changesBetween({ a: UNKNOWN }, { a: UNKNOWN }), { a: "update" });
  });
});

describe("property paths", () => {
  it("quote what is no identifier", () => {
    assert.equal(join("metadata.labels", "app"), "metadata.labels.app");
    assert.equal(join("metadata.labels", 'a"b/c'), 'metadata.labels["a\\"b/c"]');
  });

  it("overlap only at borders of keys", () => {
    assert.ok(overlaps("spec", "spec.selector"));
    assert.ok(overlaps("spec.ports[0].port", "spec.ports"));
    assert.ok(!overlaps("spec.select", "spec.selector"));
  });
});

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, sorted(item)]),
  );
}
