import assert from "node:assert/strict";
import { gcpProvider } from "../../hermetic/gcp/provider";
import { secret, UNKNOWN, type JsonObject } from "../../hermetic/protocol/values";
import { Engine, hermeticPlugins } from "../support/engine";

const CLUSTER = "gcp:container/cluster:Cluster";

const call = (type = CLUSTER) => ({
  urn: `urn:pulumi:test::test::${type}::main`,
  type,
  name: "main",
  signal: new AbortController().signal,
});

async function diff(oldInputs: JsonObject, newInputs: JsonObject, type = CLUSTER) {
  const diffCall = { ...call(type), id: "main", oldInputs, state: {}, newInputs, ignoreChanges: [] };
  return (await gcpProvider().diff(diffCall)).changes;
}

describe("hermetic gcp plugin", () => {
  it("previews what is known, with the project of the provider's config, and invents nothing", async () => {
    const provider = gcpProvider();
    await provider.configure({ project: "clinic" });
    const inputs = { name: "main", location: "europe-west1", masterAuth: secret("x") };
    const { id, state } = await provider.create({ ...call(), inputs, preview: true, timeout: 0 });
    assert.equal(id, "");
    assert.deepEqual(state, { project: "clinic", ...inputs });
  });

  it("names a resource as the official plugin does, and keeps the name", async () => {
    const check = async (newInputs: JsonObject, oldInputs: JsonObject, type = CLUSTER) => {
      const randomSeed = Uint8Array.from([0xab, 0xcd, 0xef, 0x01, 0x02]);
      return (await gcpProvider().check({ ...call(type), oldInputs, newInputs, randomSeed })).inputs.name;
    };
    assert.equal(await check({}, {}), "main-abcdef0");
    assert.equal(await check({}, { name: "main-1234567" }), "main-1234567");
    assert.equal(await check({ name: "given" }, { name: "main-1234567" }), "given");
    assert.equal(await check({}, {}, "gcp:projects/service:Service"), undefined);
  });

  it("refuses to touch anything, and says what to install", async () => {
    const provider = gcpProvider();
    const change = { ...call(), id: "main", inputs: {}, oldInputs: {}, newInputs: {}, state: {}, timeout: 0 };
    const refusal =
      /can't \w+ gcp:container\/cluster:Cluster "main": .*only previews.*pulumi plugin install resource gcp \d/;
    await assert.rejects(provider.create({ ...change, preview: false }), refusal);
    await assert.rejects(provider.update({ ...change, preview: false, ignoreChanges: [] }), refusal);
    await assert.rejects(provider.delete(change), refusal);
    await assert.rejects(provider.read(change), refusal);
    await assert.rejects(
      async () => provider.invoke?.("gcp:compute/getZones:getZones", {}),
      /getZones asks Google Cloud.*pulumi plugin install/,
    );
  });

  describe("diff", () => {
    it("names each changed path and nothing else", async () => {
      const before = { a: { "b.c": 1, d: [1, 2] }, gone: true, __defaults: ["name"] };
      const after = { a: { "b.c": 2, d: [1, 3, 4] }, added: UNKNOWN };
      assert.deepEqual(await diff(before, after), {
        'a["b.c"]': "update",
        "a.d[1]": "update",
        "a.d[2]": "add",
        gone: "delete",
        added: "add",
      });
      assert.deepEqual(await diff({ a: { x: 1, y: 2 } }, { a: { y: secret(2), x: 1 } }), {});
    });

    it("replaces where Google Cloud can't change in place, by type", async () => {
      assert.deepEqual(await diff({ location: "a" }, { location: "b" }), { location: "update-replace" });
      assert.deepEqual(await diff({ ipAllocationPolicy: { x: "a" } }, { ipAllocationPolicy: { x: "b" } }), {
        "ipAllocationPolicy.x": "update-replace",
      });
      assert.deepEqual(await diff({ releaseChannel: 1 }, { releaseChannel: 2 }), { releaseChannel: "update" });
      assert.deepEqual(await diff({ network: "a" }, { network: "b" }, "gcp:unknown:Type"), { network: "update" });
      assert.deepEqual(await diff({ region: "a" }, { region: "b" }, "gcp:unknown:Type"), { region: "update-replace" });
    });
  });

  describe("with the engine", function () {
    this.timeout(240_000); // loading @pulumi/gcp alone takes seconds on a busy machine

    let engine: Engine;
    before(async () => {
      engine = await Engine.create({ pluginsDir: await hermeticPlugins("nodejs", "gcp") });
      await engine.config("gcp:project", "clinic");
      await engine.program(`
        import * as gcp from "@pulumi/gcp/container";
        const cluster = new gcp.Cluster("main", { location: "europe-west1", initialNodeCount: 1 });
        export const location = cluster.location;
        export const endpoint = cluster.endpoint;`);
    });
    after(() => engine.dispose());

    it("previews a cluster without an account", async () => {
      const { steps, output } = await engine.preview();
      assert.deepEqual(steps, [
        ["create", "pulumi:pulumi:Stack", "test-test"],
        ["create", CLUSTER, "main"],
      ]);
      assert.match(output, /location: "europe-west1"/);
      assert.match(output, /endpoint: \[unknown\]/);
    });

    it("refuses up with one clear message, and the state has no cluster", async () => {
      const { output, exitCode } = await engine.up([], { expect: "any" });
      assert.notEqual(exitCode, 0);
      assert.match(output, /can't create gcp:container\/cluster:Cluster "main": this is the hermetic gcp plugin/);
      assert.equal((await engine.state()).includes(CLUSTER), false);
    });
  });
});
