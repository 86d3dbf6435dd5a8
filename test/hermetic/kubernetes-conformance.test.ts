import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { Client } from "../../hermetic/kubernetes/client/client";
import { Transport } from "../../hermetic/kubernetes/client/transport";
import { loadKubeconfig } from "../../hermetic/kubernetes/config/kubeconfig";
import { record, text } from "../../hermetic/kubernetes/objects";
import type { JsonObject } from "../../hermetic/protocol/values";
import { Engine, hermeticPlugins, type CommandResult } from "../support/engine";
import { KwokCluster } from "../support/kwokCluster";

type Operation = "preview" | "up" | "refresh" | "destroy";

/*
 * One program through its whole life, on the real engine and a real API server. What is asserted is the engine's own
 * list of steps and what the server holds, so the same test runs against other plugins:
 * CONFORMANCE_PLUGINS_DIR=<folder with pulumi-resource-kubernetes and pulumi-language-nodejs>.
 */

const PASSWORD = "correct-horse-battery";
const TOKEN = "tok-5f2a9c71e0";
const SECRETS = [PASSWORD, TOKEN].flatMap((text) => [text, Buffer.from(text).toString("base64")]);
const TOOL = "conformance-test"; // field manager of what the test itself writes

describe("the kubernetes plugin drives a real API server", function () {
  this.timeout(300_000);
  this.bail(true); // each step starts from what the one before has left
  let cluster: KwokCluster;
  let engine: Engine;
  let client: Client;
  /** Everything that was printed so far. */
  let printed = "";

  before(async () => {
    const pluginsDir = process.env.CONFORMANCE_PLUGINS_DIR ?? (await hermeticPlugins("nodejs", "kubernetes"));
    cluster = await KwokCluster.start();
    client = new Client(
      new Transport(loadKubeconfig({ kubeconfig: cluster.kubeconfig, context: undefined, cluster: undefined }), 30_000),
    );
    engine = await Engine.create({ pluginsDir, project: "conformance" });
    await engine.program(await readFile(path.join(__dirname, "kubernetesProgram.ts"), "utf8"));
    await engine.config("kubeconfig", cluster.kubeconfig, { secret: true });
    await engine.config("password", PASSWORD, { secret: true });
    await engine.config("token", TOKEN, { secret: true });
    await ask({ version: 1 });
  });

  after(async () => {
    await engine?.dispose();
    await cluster?.stop();
  });

  async function ask({ version, extras }: { version?: number; extras?: string }): Promise<void> {
    if (version !== undefined) await engine.config("version", String(version));
    if (extras !== undefined) await engine.config("extras", extras);
  }

  async function run(operation: Operation, expect: 0 | "any" = 0): Promise<CommandResult> {
    const result = await engine[operation]([], { expect });
    printed += result.output;
    return result;
  }

  async function runFailing(operation: Operation): Promise<CommandResult> {
    const result = await run(operation, "any");
    assert.notEqual(result.exitCode, 0, `${operation} should have failed:\n${result.output}`);
    return result;
  }

  const configMap = (name: string) => ({ apiVersion: "v1", kind: "ConfigMap", namespace: "shop", name });

  /** Writes an object as another tool would. */
  const write = (ref: { apiVersion: string; kind: string; namespace?: string; name: string }, fields: JsonObject) =>
    client.apply(
      { ...ref, namespace: ref.namespace },
      {
        apiVersion: ref.apiVersion,
        kind: ref.kind,
        metadata: { name: ref.name, ...(ref.namespace ? { namespace: ref.namespace } : {}) },
        ...fields,
      },
      { manager: TOOL, force: true },
    );

  const RESOURCES = [
    "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition widgets",
    "kubernetes:apps/v1:Deployment web",
    "kubernetes:batch/v1:Job migrate",
    "kubernetes:core/v1:ConfigMap generated",
    "kubernetes:core/v1:ConfigMap settings",
    "kubernetes:core/v1:Namespace shop",
    "kubernetes:core/v1:Secret credentials",
    "kubernetes:core/v1:Service web",
    "kubernetes:core/v1:ServiceAccountPatch default",
    "kubernetes:example.com/v1:Widget widget",
    "pulumi:pulumi:Stack conformance-test",
  ];

  it("previews everything although namespace and definition are not there yet", async () => {
    const { steps } = await run("preview");
    assert.deepEqual(
      listed(steps),
      RESOURCES.map((resource) => `create ${resource}`),
    );
  });

  it("creates", async () => {
    const { steps } = await run("up");
    assert.deepEqual(
      listed(steps),
      RESOURCES.map((resource) => `create ${resource}`),
    );
    const outputs = await engine.outputs();
    assert.match(String(outputs.address), /^\d+\.\d+\.\d+\.\d+$/);
    assert.match(String(outputs.generatedName), /^generated-[a-z0-9]{8}$/);
    const account = await client.get({
      apiVersion: "v1",
      kind: "ServiceAccount",
      namespace: "kube-public",
      name: "default",
    });
    assert.equal(account?.automountServiceAccountToken, false);
    const web = await client.get({ apiVersion: "apps/v1", kind: "Deployment", namespace: "shop", name: "web" });
    assert.equal(
      record(web ?? null, "status").availableReplicas,
      1,
      "up came back before the Deployment was available",
    );
  });

  it("finds nothing to do the second time", async () => {
    for (const operation of ["preview", "up"] as const) {
      assert.deepEqual(
        listed((await run(operation)).steps),
        RESOURCES.map((resource) => `same ${resource}`),
      );
    }
  });

  it("finds nothing to do after a refresh either", async () => {
    await run("refresh");
    assert.deepEqual(changed((await run("up")).steps), []);
  });

  it("updates in place", async () => {
    await ask({ version: 2 });
    const expected = [
      "update kubernetes:apps/v1:Deployment web",
      "update kubernetes:core/v1:ConfigMap settings",
      "update kubernetes:example.com/v1:Widget widget",
    ];
    assert.deepEqual(changed((await run("preview")).steps), expected);
    assert.deepEqual(changed((await run("up")).steps), expected);
    assert.equal(text((await client.get(configMap("settings"))) ?? null, "data", "color"), "green");
  });

  it("replaces: the old object first where the name is fixed, the new one first where it is generated", async () => {
    await ask({ version: 3 });
    const before = await engine.outputs();
    const { steps } = await run("up");
    assert.deepEqual(changed(steps), [
      "create-replacement kubernetes:apps/v1:Deployment web",
      "create-replacement kubernetes:core/v1:ConfigMap generated",
      "delete-replaced kubernetes:apps/v1:Deployment web",
      "delete-replaced kubernetes:core/v1:ConfigMap generated",
      "replace kubernetes:apps/v1:Deployment web",
      "replace kubernetes:core/v1:ConfigMap generated",
      "update kubernetes:example.com/v1:Widget widget",
    ]);
    const order = (operation: string, name: string) =>
      steps.findIndex(([op, , resource]) => op === operation && resource === name);
    assert.ok(order("delete-replaced", "web") < order("create-replacement", "web"));
    assert.ok(order("create-replacement", "generated") < order("delete-replaced", "generated"));
    const after = await engine.outputs();
    assert.notEqual(after.generatedName, before.generatedName);
    assert.equal(await client.get(configMap(String(before.generatedName))), undefined);
    assert.deepEqual(changed((await run("up")).steps), []);
  });

  it("sees drift at refresh and undoes it at the next update", async () => {
    await write(configMap("settings"), { data: { color: "red" } });
    const refreshed = await run("refresh");
    assert.ok(refreshed.steps.some(([operation, , name]) => operation === "refresh" && name === "settings"));
    assert.match(refreshed.output, /settings +(updated|\(.*\) updated)/);
    await client.apply(
      configMap("settings"),
      { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "settings", namespace: "shop" } },
      { manager: TOOL },
    );
    const { steps } = await run("up");
    assert.deepEqual(changed(steps), ["update kubernetes:core/v1:ConfigMap settings"]);
    assert.equal(text((await client.get(configMap("settings"))) ?? null, "data", "color"), "green");
  });

  it("takes an object that is gone out of the state at refresh, and creates it again", async () => {
    await client.delete(configMap("settings"), "Background");
    await run("refresh");
    assert.deepEqual(changed((await run("up")).steps), ["create kubernetes:core/v1:ConfigMap settings"]);
  });

  it("reports a conflict with another field manager word for word, and changes nothing", async () => {
    await write(configMap("settings"), { data: { color: "red" } });
    await ask({ version: 1 });
    const result = await runFailing("up");
    assert.match(
      result.output,
      /shop\/settings.*Apply failed with 1 conflict: conflict with "conformance-test": \.data\.color/s,
    );
    await client.apply(
      configMap("settings"),
      { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "settings", namespace: "shop" } },
      { manager: TOOL },
    );
    await ask({ version: 3 });
    await run("up");
  });

  it("imports", async () => {
    await write(configMap("legacy"), { data: { since: "1999" } });
    await ask({ extras: "import" });
    assert.deepEqual(changed((await run("up")).steps), ["import kubernetes:core/v1:ConfigMap legacy"]);
    assert.deepEqual(changed((await run("up")).steps), []);
    await ask({ extras: "" });
    assert.deepEqual(changed((await run("up")).steps), ["delete kubernetes:core/v1:ConfigMap legacy"]);
    assert.equal(await client.get(configMap("legacy")), undefined);
  });

  it("does not take over an object that exists already", async () => {
    await write(configMap("taken"), { data: { mine: "no" } });
    await ask({ extras: "taken" });
    assert.match((await runFailing("up")).output, /configmaps "taken" already exists/);
    assert.equal(text((await client.get(configMap("taken"))) ?? null, "data", "mine"), "no");
    await ask({ extras: "" });
    assert.deepEqual(changed((await run("up")).steps), []);
  });

  it("reports the server's refusal at preview and at up, word for word", async () => {
    await write({ apiVersion: "v1", kind: "Namespace", name: "tight" }, {});
    await write({ apiVersion: "v1", kind: "ServiceAccount", namespace: "tight", name: "default" }, {});
    await write(
      { apiVersion: "v1", kind: "ResourceQuota", namespace: "tight", name: "no-pods" },
      { spec: { hard: { pods: "0" } } },
    );
    await untilQuotaCounts();
    await ask({ extras: "refused" });
    const refusal =
      /pods "refused" is forbidden: exceeded quota: no-pods, requested: pods=1, used: pods=0, limited: pods=0/;
    assert.match((await runFailing("preview")).output, refusal);
    assert.match((await runFailing("up")).output, refusal);
    await ask({ extras: "unknown-field" });
    assert.match((await runFailing("preview")).output, /unknown-field.*\.dada: field not declared in schema/s);
    await ask({ extras: "" });
    assert.deepEqual(changed((await run("up")).steps), []);
  });

  async function untilQuotaCounts(): Promise<void> {
    for (let attempt = 0; attempt < 50; attempt++) {
      const quota = await client.get({ apiVersion: "v1", kind: "ResourceQuota", namespace: "tight", name: "no-pods" });
      if (record(quota ?? null, "status", "used").pods === "0") return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error("the quota was never counted: does the controller-manager run?");
  }

  it("records a Deployment that does not become ready, says why, and goes on with it", async () => {
    await ask({ extras: "stuck" });
    const failed = await runFailing("up");
    assert.deepEqual(changed(failed.steps), ["create kubernetes:apps/v1:Deployment stuck"]);
    assert.match(
      failed.output,
      /shop\/stuck.*0 of 1 replicas are available.*pod stuck-\S+: PodScheduled is False \(Unschedulable\)/s,
    );
    assert.deepEqual(changed((await runFailing("up")).steps), ["update kubernetes:apps/v1:Deployment stuck"]);
    await ask({ extras: "freed" });
    assert.deepEqual(changed((await run("up")).steps), ["update kubernetes:apps/v1:Deployment stuck"]);
    assert.deepEqual(changed((await run("up")).steps), []);
    await ask({ extras: "" });
    assert.deepEqual(changed((await run("up")).steps), ["delete kubernetes:apps/v1:Deployment stuck"]);
  });

  it("stops waiting when cancelled; the next update goes on", async () => {
    await ask({ extras: "slow" });
    const running = engine.start(["up", "--yes", "--skip-preview", "--non-interactive", "--stack", engine.stack]);
    await untilExists({ apiVersion: "apps/v1", kind: "Deployment", namespace: "shop", name: "slow" });
    const cancelled = Date.now();
    running.kill("SIGINT");
    const result = await running;
    printed += result.all;
    assert.notEqual(result.exitCode, 0);
    assert.match(result.all, /cancelled while waiting for Deployment shop\/slow/);
    assert.ok(Date.now() - cancelled < 30_000, "cancelling took longer than 30 s");
    await ask({ extras: "hurried" });
    assert.deepEqual(changed((await run("up")).steps), ["update kubernetes:apps/v1:Deployment slow"]);
    await ask({ extras: "" });
    assert.deepEqual(changed((await run("up")).steps), ["delete kubernetes:apps/v1:Deployment slow"]);
  });

  it("finishes a create that was killed after the object was written", async () => {
    await ask({ extras: "slow" });
    const running = engine.start(["up", "--yes", "--skip-preview", "--non-interactive", "--stack", engine.stack]);
    await untilExists({ apiVersion: "apps/v1", kind: "Deployment", namespace: "shop", name: "slow" });
    running.kill("SIGKILL");
    printed += (await running).all;
    await engine.pulumi(["cancel", "--yes", "--stack", engine.stack], { expect: "any" });
    await ask({ extras: "hurried" });
    assert.deepEqual(changed((await run("up")).steps), ["create kubernetes:apps/v1:Deployment slow"]);
    await ask({ extras: "" });
    assert.deepEqual(changed((await run("up")).steps), ["delete kubernetes:apps/v1:Deployment slow"]);
    assert.equal(
      await client.get({ apiVersion: "apps/v1", kind: "Deployment", namespace: "shop", name: "slow" }),
      undefined,
    );
  });

  async function untilExists(ref: {
    apiVersion: string;
    kind: string;
    namespace: string;
    name: string;
  }): Promise<void> {
    for (let attempt = 0; attempt < 300; attempt++) {
      if (await client.get(ref)) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`${ref.kind} ${ref.name} was not created`);
  }

  it("shows no secret in the state nor in anything printed", async () => {
    const state = await engine.state();
    assert.ok(state.includes("credentials"), "the state should hold the Secret");
    const stored = await client.get({ apiVersion: "v1", kind: "Secret", namespace: "shop", name: "credentials" });
    assert.equal(Buffer.from(text(stored ?? null, "data", "password") ?? "", "base64").toString(), PASSWORD);
    for (const secret of SECRETS) {
      assert.ok(!state.includes(secret), `the state holds ${secret}`);
      assert.ok(!printed.includes(secret), `the output holds ${secret}`);
    }
  });

  it("destroys everything that it created, and gives back what it patched", async () => {
    const { steps } = await run("destroy");
    assert.deepEqual(
      listed(steps),
      RESOURCES.map((resource) => `delete ${resource}`),
    );
    assert.equal(
      await client.get({ apiVersion: "v1", kind: "Namespace", namespace: undefined, name: "shop" }),
      undefined,
    );
    const account = await client.get({
      apiVersion: "v1",
      kind: "ServiceAccount",
      namespace: "kube-public",
      name: "default",
    });
    assert.ok(account, "the patched ServiceAccount must stay");
    assert.equal(account.automountServiceAccountToken, undefined);
  });
});

/** Steps in a fixed order: the engine works on independent resources side by side. */
function listed(steps: CommandResult["steps"]): string[] {
  return steps.map((step) => step.join(" ")).sort();
}

function changed(steps: CommandResult["steps"]): string[] {
  return listed(steps.filter(([operation]) => operation !== "same"));
}
