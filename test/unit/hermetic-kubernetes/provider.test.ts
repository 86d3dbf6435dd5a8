import assert from "node:assert/strict";
import { keysOf } from "../../../hermetic/kubernetes/operations/ignored";
import { warningTexts } from "../../../hermetic/kubernetes/client/transport";
import { ApiError, Unreachable } from "../../../hermetic/kubernetes/client/errors";
import { isMissingPrerequisite, withPatience } from "../../../hermetic/kubernetes/client/patience";
import { KubernetesProvider } from "../../../hermetic/kubernetes/provider";
import { isSecret, plain, secret, UNKNOWN, type JsonObject } from "../../../hermetic/protocol/values";

const TYPE = "kubernetes:core/v1:ConfigMap";
const NOWHERE = JSON.stringify({
  clusters: [{ name: "none", cluster: { server: "https://127.0.0.1:1" } }],
  users: [{ name: "none", user: {} }],
  contexts: [{ name: "none", context: { cluster: "none", user: "none" } }],
  "current-context": "none",
});

/** A provider whose server never answers: whatever works here works without a server. */
async function unreachable(config: JsonObject = {}) {
  const said: string[] = [];
  const say = (message: string) => void said.push(message);
  const log = { debug: () => undefined, info: say, warn: say, status: () => undefined };
  const provider = new KubernetesProvider(log, { unreachableMs: 300, missingMs: 0 });
  await provider.configure({ kubeconfig: NOWHERE, ...config });
  return { provider, said };
}

const call = (type = TYPE) => ({ urn: "urn:x", type, name: "web", signal: new AbortController().signal });
const seed = new Uint8Array(32).fill(7);
const config = (data: JsonObject, metadata: JsonObject = { name: "a", namespace: "n" }): JsonObject => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata,
  data,
});
const diffCall = (oldInputs: JsonObject, newInputs: JsonObject, id = "n/a", type = TYPE) => ({
  ...call(type),
  id,
  oldInputs,
  newInputs,
  state: oldInputs,
  ignoreChanges: [],
});

describe("check", () => {
  const check = async (newInputs: JsonObject, oldInputs: JsonObject = {}, type = TYPE, options: JsonObject = {}) =>
    (await unreachable(options)).provider.check({ ...call(type), oldInputs, newInputs, randomSeed: seed });

  it("gives a name to what has none, and keeps it", async () => {
    const first = await check(config({}, { namespace: "n" }));
    assert.deepEqual(first.inputs.metadata, {
      namespace: "n",
      name: "web-hhhhhhhh",
      annotations: { "pulumi.com/autonamed": "true" },
    });
    const second = await check(
      config({ a: "b" }, { namespace: "n", labels: { x: "y" } }),
      config({}, { name: "web-before", annotations: { "pulumi.com/autonamed": "true" } }),
    );
    assert.equal((second.inputs.metadata as JsonObject).name, "web-before");
    const own = await check(config({}, { namespace: "n" }), config({}, { name: "given-by-the-user" }));
    assert.equal((own.inputs.metadata as JsonObject).name, "web-hhhhhhhh");
  });

  it("leaves unknown and secret metadata what they are", async () => {
    assert.deepEqual((await check({ ...config({}), metadata: UNKNOWN })).inputs.metadata, UNKNOWN);
    const { inputs } = await check({ ...config({}), metadata: secret({ namespace: "n" }) });
    assert.ok(isSecret(inputs.metadata));
    assert.equal((plain(inputs.metadata) as JsonObject).name, "web-hhhhhhhh");
  });

  it("fills in the provider's namespace, but not for what lives in none", async () => {
    const options = { namespace: "team" };
    assert.equal(
      ((await check(config({}, { name: "a" }), {}, TYPE, options)).inputs.metadata as JsonObject).namespace,
      "team",
    );
    const role = { apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole", metadata: { name: "a" } };
    assert.deepEqual(
      (await check(role, {}, "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole", options)).inputs.metadata,
      { name: "a" },
    );
  });

  it("refuses what it can't do, saying what to do instead", async () => {
    const annotated = (key: string, value: string) => config({}, { name: "a", annotations: { [key]: value } });
    const wrong: [JsonObject, string, RegExp][] = [
      [config({}, { generateName: "a-" }), TYPE, /generateName is not supported/],
      [config({}, {}), "kubernetes:core/v1:ConfigMapPatch", /needs metadata.name/],
      [annotated("pulumi.com/waitFor", "nonsense"), TYPE, /Allowed: "condition=Ready"/],
      [annotated("pulumi.com/timeoutSeconds", "soon"), TYPE, /number of seconds/],
      [annotated("pulumi.com/deletionPropagationPolicy", "never"), TYPE, /background, foreground, orphan/],
      [annotated("pulumi.com/replaceUnready", "true"), TYPE, /not supported/],
      [{ chart: "x" }, "kubernetes:helm.sh/v3:Release", /RenderedChart/],
      [
        { apiVersion: "v1", kind: "ConfigMapList", items: [] },
        "kubernetes:core/v1:ConfigMapList",
        /each object of the list/,
      ],
    ];
    for (const [inputs, type, reason] of wrong) {
      const { failures } = await check(inputs, {}, type);
      assert.match(failures[0]?.reason ?? "none", reason);
    }
  });
});

describe("components that hide what they create", () => {
  it("are refused, naming what to use instead", async () => {
    const { provider } = await unreachable();
    for (const type of [
      "kubernetes:helm.sh/v4:Chart",
      "kubernetes:yaml/v2:ConfigGroup",
      "kubernetes:kustomize/v2:Directory",
    ]) {
      assert.match(provider.refuseComponent(type) ?? "", /RenderedChart/);
    }
    assert.equal(provider.refuseComponent("kubernetes:core/v1:Pod"), undefined);
  });
});

describe("diff, without a server", () => {
  const diff = async (oldInputs: JsonObject, newInputs: JsonObject, id?: string) =>
    (await unreachable()).provider.diff(diffCall(oldInputs, newInputs, id));

  it("finds nothing between equal inputs, and asks nobody", async () => {
    const started = performance.now();
    const { provider, said } = await unreachable();
    for (let i = 0; i < 150; i++)
      assert.deepEqual(await provider.diff(diffCall(config({ a: "b" }), config({ a: secret("b") }))), { changes: {} });
    assert.deepEqual(said, []);
    assert.ok(performance.now() - started < 1000);
  });

  it("updates in place", async () => {
    assert.deepEqual(await diff(config({ a: "b" }), config({ a: "c" })), {
      changes: { "data.a": "update" },
      deleteBeforeReplace: false,
    });
  });

  it("replaces another object: the new one first, the names differ", async () => {
    assert.deepEqual(await diff(config({}), config({}, { name: "b", namespace: "n" })), {
      changes: { "metadata.name": "update-replace" },
      deleteBeforeReplace: false,
    });
    assert.deepEqual((await diff(config({}), config({}, { name: "a", namespace: "m" }))).changes, {
      "metadata.namespace": "update-replace",
    });
    assert.deepEqual((await diff(config({}), config({}, { name: "a", namespace: UNKNOWN }))).changes, {
      "metadata.namespace": "update-replace",
    });
  });

  it("takes no namespace and the default one for the same", async () => {
    assert.deepEqual(
      await diff(config({}, { name: "a", namespace: "default" }), config({}, { name: "a" }), "default/a"),
      { changes: {} },
    );
  });

  it("replaces in one place when the name is fixed, side by side when it is generated", async () => {
    const frozen = (value: string, metadata: JsonObject) => ({ ...config({ a: value }, metadata), immutable: true });
    const fixed = { name: "a", namespace: "n" };
    assert.deepEqual(await diff(frozen("b", fixed), frozen("c", fixed)), {
      changes: { "data.a": "update-replace" },
      deleteBeforeReplace: true,
    });
    const generated = { ...fixed, annotations: { "pulumi.com/autonamed": "true" } };
    assert.equal((await diff(frozen("b", generated), frozen("c", generated))).deleteBeforeReplace, false);
  });
});

describe("a server that can't be reached", () => {
  it("is said once at preview, which echoes the inputs", async () => {
    const { provider, said } = await unreachable();
    const create = () => provider.create({ ...call(), inputs: config({ a: secret("b") }), preview: true, timeout: 0 });
    const { state } = await create();
    await create();
    assert.deepEqual(plain(state.data ?? null), { a: "b" });
    assert.equal((state.metadata as JsonObject).uid, UNKNOWN);
    assert.equal(said.length, 1);
    assert.match(
      said[0] ?? "",
      /not validated by a server: the Kubernetes API server https:\/\/127\.0\.0\.1:1 can't be reached/,
    );
  });

  it("fails an update after a while, naming object and server", async () => {
    const { provider } = await unreachable();
    const started = performance.now();
    await assert.rejects(
      provider.create({ ...call(), inputs: config({}), preview: false, timeout: 0 }),
      /ConfigMap n\/a: the Kubernetes API server https:\/\/127\.0\.0\.1:1 can't be reached/,
    );
    assert.ok(performance.now() - started >= 300);
  });

  it("lets go of objects only with deleteUnreachable", async () => {
    const deletion = { ...call(), id: "n/a", inputs: config({}), state: {}, timeout: 0 };
    await assert.rejects((await unreachable()).provider.delete(deletion), /can't be reached/);
    await (await unreachable({ deleteUnreachable: "true" })).provider.delete(deletion);
  });
});

describe("patience", () => {
  const attempts = async (error: Error) => {
    let count = 0;
    const attempt = () => (++count < 3 ? Promise.reject(error) : Promise.resolve(count));
    return withPatience(
      attempt,
      { unreachableMs: 5000, missingMs: 5000 },
      new AbortController().signal,
      () => undefined,
    ).catch(() => count);
  };
  const refusal = (status: number, message: string) => new ApiError(status, { message });

  it("is for what passes by itself", async () => {
    assert.equal(await attempts(new Unreachable("x", new Error("refused"))), 3);
    assert.equal(await attempts(refusal(404, 'namespaces "a" not found')), 3);
    assert.equal(await attempts(refusal(422, 'volumeMounts[0].name: Not found: "data"')), 1);
    assert.equal(await attempts(refusal(403, "exceeded quota")), 1);
  });

  it("knows what another resource may bring", () => {
    assert.ok(
      isMissingPrerequisite(refusal(403, 'error looking up service account a/b: serviceaccount "b" not found')),
    );
    assert.ok(isMissingPrerequisite(refusal(403, "no PriorityClass with name x was found")));
    assert.ok(!isMissingPrerequisite(refusal(403, "User cannot patch resource")));
  });
});

describe("small readers", () => {
  it("read the server's warnings", () => {
    assert.deepEqual(
      warningTexts(["Warning", '299 - "a \\"b\\" c", 299 - "d"', "Date", "now", "warning", '299 - "e"']),
      ['a "b" c', "d", "e"],
    );
  });

  it("read paths of ignoreChanges", () => {
    assert.deepEqual(keysOf('metadata.annotations["example.com/x"]'), ["metadata", "annotations", "example.com/x"]);
    assert.equal(keysOf("spec.containers[0].image"), undefined);
    assert.equal(keysOf("spec.*"), undefined);
  });

  it("decode manifests as Kubernetes does", async () => {
    const text =
      "---\nkind: A\nmode: 0644\nwhen: 2020-01-01\nport: 22:22\n---\n# nothing\n---\nkind: BList\nitems: [{kind: B}, {kind: C}]\n";
    assert.deepEqual(await (await unreachable()).provider.invoke("kubernetes:yaml:decode", { text }), {
      result: [{ kind: "A", mode: 420, when: "2020-01-01", port: "22:22" }, { kind: "B" }, { kind: "C" }],
    });
    await assert.rejects(
      async () => (await unreachable()).provider.invoke("kubernetes:yaml:decode", { text: "a: [" }),
      /document 1 of the manifest is not YAML/,
    );
    await assert.rejects(
      async () => (await unreachable()).provider.invoke("kubernetes:helm:template", {}),
      /RenderedChart/,
    );
  });
});
