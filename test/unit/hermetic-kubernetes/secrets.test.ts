import assert from "node:assert/strict";
import fc from "fast-check";
import { applyBody, patchBody } from "../../../hermetic/kubernetes/state/body";
import { MANAGER_KEY, previewOfNew, previewOfUpdate, stateOf } from "../../../hermetic/kubernetes/state/outputs";
import { redact, secretTexts } from "../../../hermetic/kubernetes/state/secrets";
import { isSecret, plain, secret, UNKNOWN, type Json, type JsonObject } from "../../../hermetic/protocol/values";
import { object, withSecrets } from "./arbitrary";

const ref = { apiVersion: "v1", kind: "Secret", namespace: "a", name: "b" };
const base64 = (text: string) => Buffer.from(text).toString("base64");

/** The value with everything cut out that is marked as secret: what would lie in clear text in the state. */
function visible(value: Json): Json {
  if (isSecret(value)) return "[secret]";
  if (Array.isArray(value)) return value.map(visible);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, visible(item)]));
}

describe("secrets", () => {
  it("stay secret in the state wherever the server echoes them", () => {
    const password = "s3cret-0123456789";
    fc.assert(
      fc.property(object, fc.boolean(), (noise, encoded) => {
        const inputs = {
          ...ref,
          kind: "ConfigMap",
          spec: { env: [{ name: "P", value: secret(password) }] },
          noise: withSecrets(noise, () => false),
        };
        const echoed = encoded ? base64(password) : password;
        const live: JsonObject = {
          ...(plain(inputs) as JsonObject),
          spec: {
            env: [
              { name: "injected", value: "x" },
              { name: "P", value: echoed },
            ],
          },
          status: { message: `started with ${echoed}` },
        };
        const state = stateOf(live, inputs, "m");
        assert.ok(!JSON.stringify(visible(state)).includes(echoed));
        assert.deepEqual(plain(state), { ...live, [MANAGER_KEY]: "m" });
      }),
    );
  });

  it("of a Secret object stay secret even when the program gave them in clear text", () => {
    const inputs = { apiVersion: "v1", kind: "Secret", stringData: { user: "u" } };
    const live = { apiVersion: "v1", kind: "Secret", data: { user: base64("u"), added: base64("by a controller") } };
    for (const state of [
      stateOf(live, inputs, "m"),
      previewOfNew(inputs, undefined, "m"),
      previewOfUpdate(inputs, live, undefined),
    ]) {
      for (const key of ["data", "stringData"]) assert.ok(state[key] === undefined || isSecret(state[key]), key);
    }
  });

  it("are taken out of messages, encoded or not", () => {
    const texts = secretTexts({ a: secret({ b: ["hunter2-long", base64("decoded-value")] }), c: "public" });
    const message = `Invalid value: "hunter2-long", ${base64("hunter2-long")}, decoded-value, public`;
    assert.equal(redact(message, texts), 'Invalid value: "[secret]", [secret], [secret], public');
  });

  it("never leave the tail of a longer secret behind", () => {
    assert.equal(redact("abcdef-ghijkl", ["abcdef", "abcdef-ghijkl"]), "[secret]");
  });
});

describe("the object that is sent", () => {
  it("holds stringData as data, so that a key taken out of the program leaves the cluster", () => {
    const inputs = {
      stringData: secret({ a: "x", b: "y" }),
      data: { c: "eg==", a: "old" },
      metadata: { name: "other" },
    };
    assert.deepEqual(applyBody(inputs, ref), {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "b", namespace: "a" },
      data: { a: base64("x"), b: base64("y"), c: "eg==" },
    });
  });

  it("has no nulls: applied, they would claim a field", () => {
    const body = applyBody({ spec: { a: null, list: [null, { b: null, c: 0 }] } }, { ...ref, kind: "ConfigMap" });
    assert.deepEqual(body.spec, { list: [{ c: 0 }] });
  });

  it("carries no instructions to this plugin onto an object that somebody else owns", () => {
    const annotations = { "pulumi.com/patchForce": "true", "pulumi.com/skipAwait": "true", "example.com/a": "1" };
    const body = patchBody({ metadata: { annotations } }, { ...ref, kind: "Namespace", namespace: undefined });
    assert.deepEqual(body.metadata, { annotations: { "example.com/a": "1" }, name: "b" });
  });
});

describe("what a preview tells", () => {
  const service = { apiVersion: "v1", kind: "Service", metadata: { name: "s" }, spec: { ports: [{ port: 80 }] } };

  it("of a new object leaves unknown what a dry run only invents", () => {
    const answer: JsonObject = {
      ...service,
      metadata: { name: "s", uid: "u", resourceVersion: "1", creationTimestamp: "now", managedFields: [] },
      spec: {
        clusterIP: "10.0.0.1",
        clusterIPs: ["10.0.0.1"],
        ports: [{ port: 80, nodePort: 30000, protocol: "TCP" }],
      },
      status: { loadBalancer: {} },
    };
    const state = previewOfNew(service, answer, "m");
    assert.deepEqual(state.metadata, {
      name: "s",
      uid: UNKNOWN,
      resourceVersion: UNKNOWN,
      creationTimestamp: UNKNOWN,
      generation: UNKNOWN,
    });
    assert.deepEqual(state.spec, {
      clusterIP: UNKNOWN,
      clusterIPs: UNKNOWN,
      ports: [{ port: 80, nodePort: UNKNOWN, protocol: "TCP" }],
    });
    assert.equal(state.status, UNKNOWN);
  });

  it("echoes inputs when no server can be asked, and leaves the rest unknown", () => {
    const state = previewOfNew(service, undefined, "m");
    assert.deepEqual(state.spec, { ports: [{ port: 80 }], clusterIP: UNKNOWN, clusterIPs: UNKNOWN });
    assert.equal(state.status, UNKNOWN);
  });

  it("of an update keeps what the update does not touch", () => {
    const old = {
      ...service,
      metadata: { name: "s", uid: "u", resourceVersion: "1" },
      spec: { clusterIP: "10.0.0.1" },
      [MANAGER_KEY]: "m",
    };
    const state = previewOfUpdate({ ...service, spec: { type: "NodePort" } }, old, undefined);
    assert.deepEqual(state.spec, { clusterIP: "10.0.0.1", type: "NodePort" });
    assert.deepEqual(state.metadata, { name: "s", uid: "u", resourceVersion: UNKNOWN, generation: UNKNOWN });
  });
});
