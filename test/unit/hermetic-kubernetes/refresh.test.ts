import assert from "node:assert/strict";
import fc from "fast-check";
import { compact, stateOf } from "../../../hermetic/kubernetes/state/outputs";
import { importedInputs, isCoveredBy, refreshedInputs } from "../../../hermetic/kubernetes/state/refresh";
import { plain, secret, type JsonObject } from "../../../hermetic/protocol/values";
import { object, withSecrets } from "./arbitrary";

const base64 = (text: string) => Buffer.from(text).toString("base64");

describe("inputs after a refresh", () => {
  it("are what they were when the server gives what it gave before, whatever that is", () => {
    fc.assert(
      fc.property(object, object, (given, live) => {
        const inputs = withSecrets(given, (leaf) => typeof leaf === "string" && leaf.length > 3) as JsonObject;
        assert.deepEqual(plain(refreshedInputs(inputs, live, live)), plain(inputs));
      }),
    );
  });

  const inputs = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", annotations: { "pulumi.com/skipAwait": "true", note: "a" } },
    spec: {
      replicas: 1,
      paused: false,
      template: {
        containers: [
          {
            name: "main",
            image: "web:1",
            limits: { memory: "1024Mi" },
            env: [{ name: "P", value: secret("hunter2-long") }],
          },
        ],
      },
    },
  };
  const before: JsonObject = {
    ...(plain(inputs) as JsonObject),
    spec: {
      replicas: 1,
      strategy: "default",
      template: {
        containers: [
          { name: "main", image: "web:1", limits: { memory: "1Gi" }, env: [{ name: "P", value: "hunter2-long" }] },
        ],
      },
    },
  };

  it("show the fields that somebody changed, and only those of the inputs", () => {
    const live = structuredClone(before);
    live.spec = {
      replicas: 5,
      strategy: "changed by somebody",
      template: {
        containers: [
          { name: "sidecar" },
          { name: "main", image: "web:2", limits: { memory: "1Gi" }, env: [{ name: "P", value: "other-password" }] },
        ],
      },
    };
    const result = refreshedInputs(inputs, before, live);
    assert.deepEqual(plain(result), {
      ...(plain(inputs) as JsonObject),
      spec: {
        replicas: 5,
        paused: false,
        template: {
          containers: [
            {
              name: "main",
              image: "web:2",
              limits: { memory: "1024Mi" },
              env: [{ name: "P", value: "other-password" }],
            },
          ],
        },
      },
    });
    assert.ok(
      !JSON.stringify(result)
        .replaceAll(/\{"4dabf[^}]*\}/g, "")
        .includes("other-password"),
      "a changed secret is one too",
    );
  });

  it("lose what somebody removed, but not what the server leaves out because it is empty", () => {
    const live = structuredClone(before);
    live.spec = { template: { containers: [] } };
    const { spec } = plain(refreshedInputs(inputs, before, live)) as { spec: JsonObject };
    assert.deepEqual(spec, { paused: false, template: { containers: [] } });
  });

  it("keep the instructions to this plugin", () => {
    const live = { ...before, metadata: { name: "web", annotations: {} } };
    const { metadata } = plain(refreshedInputs(inputs, before, live)) as { metadata: JsonObject };
    assert.deepEqual(metadata.annotations, { "pulumi.com/skipAwait": "true" });
  });

  it("show a changed key of a Secret where the program wrote it", () => {
    const given = { apiVersion: "v1", kind: "Secret", stringData: secret({ a: "1", b: "2" }) };
    const live = (a: string) => ({ apiVersion: "v1", kind: "Secret", data: { a: base64(a), b: base64("2") } });
    const result = refreshedInputs(given, stateOf(live("1"), given, "m"), live("one"));
    assert.deepEqual(plain(result), { apiVersion: "v1", kind: "Secret", stringData: { a: "one", b: "2" } });
  });

  it("of a definition do not change because the state leaves its schemas out", () => {
    const definition = {
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      spec: { versions: [{ name: "v1", schema: { a: 1 } }] },
    };
    const state = stateOf(definition, definition, "m");
    assert.ok(!JSON.stringify(state).includes("schema"));
    assert.deepEqual(refreshedInputs(definition, state, compact(definition)), definition);
  });
});

describe("inputs of an import", () => {
  const live = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: {
      name: "a",
      uid: "u",
      resourceVersion: "1",
      managedFields: [{}],
      labels: { x: "y" },
      annotations: { "kubectl.kubernetes.io/last-applied-configuration": "{}", own: "1" },
    },
    data: { a: "b" },
    status: { x: 1 },
  };

  it("are all that a person may write", () => {
    assert.deepEqual(importedInputs(live), {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "a", labels: { x: "y" }, annotations: { own: "1" } },
      data: { a: "b" },
    });
  });

  it("agree with a program that says less, not with one that says otherwise", () => {
    assert.ok(isCoveredBy({ data: { a: "b" }, metadata: { name: "a" }, immutable: false }, live));
    assert.ok(!isCoveredBy({ data: { a: "c" } }, live));
    assert.ok(!isCoveredBy({ data: { a: "b", more: "x" } }, live));
  });
});
