import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { Engine, hermeticPlugins } from "../support/engine";

const STACK = ["pulumi:pulumi:Stack", "test-test"] as const;
const PASSWORD = ["random:index/randomPassword:RandomPassword", "password"] as const;

describe("hermetic plugins with the engine: programs", function () {
  this.timeout(240_000); // many commands, on a machine that may be busy

  let engine: Engine;

  beforeEach(async () => {
    engine = await Engine.create({ pluginsDir: await hermeticPlugins("nodejs", "random") });
  });
  afterEach(async () => {
    const left = await engine.processes();
    await engine.dispose();
    assert.deepEqual(left, []);
  });

  it("preview an empty program", async () => {
    const { steps, milliseconds } = await engine.preview();
    assert.deepEqual(steps, [["create", ...STACK]]);
    assert.ok(milliseconds < 15_000, `${String(milliseconds)} ms`); // about a second on an idle machine
  });

  it("create, keep, replace, refresh and destroy a password that is nowhere in clear text", async () => {
    const program = (length: number): Promise<void> =>
      engine.program(`
        import * as random from "@pulumi/random";
        export const password = new random.RandomPassword("password", { length: ${String(length)} }).result;`);
    await program(30);
    const preview = await engine.preview();
    assert.deepEqual(preview.steps, [
      ["create", ...STACK],
      ["create", ...PASSWORD],
    ]);

    const first = await engine.up();
    assert.deepEqual(first.steps, [
      ["create", ...STACK],
      ["create", ...PASSWORD],
    ]);
    const { password } = (await engine.outputs()) as { password: string };
    assert.equal(password.length, 30);
    assert.equal((await engine.state()).includes(password), false);
    assert.equal(first.output.includes(password), false);

    const second = await engine.up(["--expect-no-changes"]);
    assert.deepEqual(second.steps, [
      ["same", ...STACK],
      ["same", ...PASSWORD],
    ]);
    assert.deepEqual(await engine.outputs(), { password });

    const refreshed = await engine.refresh(["--expect-no-changes"]);
    assert.deepEqual(
      refreshed.steps.filter(([operation]) => operation !== "same" && operation !== "refresh"),
      [],
    );

    await program(31);
    const replaced = await engine.up();
    assert.deepEqual(
      replaced.steps.map(([operation]) => operation),
      ["same", "create-replacement", "replace", "delete-replaced"],
    );
    assert.equal((await engine.outputs()).password?.toString().length, 31);

    const destroyed = await engine.destroy();
    assert.deepEqual(destroyed.steps, [
      ["delete", ...PASSWORD],
      ["delete", ...STACK],
    ]);
  });

  it("refuse wrong inputs at preview, naming resource and property", async () => {
    await engine.program(`
      import * as random from "@pulumi/random";
      new random.RandomPassword("password", { length: 3, minLower: 2, minUpper: 2 });`);
    const { output, exitCode } = await engine.preview([], { expect: "any" });
    assert.notEqual(exitCode, 0);
    assert.match(output, /password/);
    assert.match(
      output,
      /property length value \{3\} has a problem: is 3, but minLower \+ minUpper \+ minNumeric \+ minSpecial ask for 4 characters/,
    );
  });

  it("show a program's error once and fail", async () => {
    await engine.program(`console.log("before"); console.error("on stderr"); throw new Error("out of bandages");`);
    const { output, exitCode } = await engine.preview([], { expect: "any" });
    assert.notEqual(exitCode, 0);
    assert.match(output, /before/);
    assert.match(output, /on stderr/);
    assert.match(output, /Error: out of bandages/);
    assert.equal(output.split("Error: out of bandages").length, 2);
    assert.doesNotMatch(output, /ended with exit code/);
  });

  it("say so when a program just ends, or can't be compiled", async () => {
    await engine.program(`process.exit(3);`);
    assert.match((await engine.preview([], { expect: "any" })).output, /The program ended with exit code 3\./);
    await engine.program(`const x = ;`);
    const { output, exitCode } = await engine.preview([], { expect: "any" });
    assert.notEqual(exitCode, 0);
    assert.match(output, /index\.ts:1/);
  });

  it("give a program its config, secrets as secrets, and not as arguments", async () => {
    await engine.config("word", "open");
    await engine.config("token", "s3cret-token", { secret: true });
    await engine.program(`
      import * as pulumi from "@pulumi/pulumi";
      const config = new pulumi.Config();
      export const word = config.require("word");
      export const token = config.requireSecret("token");
      export const elsewhere = process.argv.join(" ").includes("s3cret") || process.execArgv.join(" ").includes("s3cret");
      export const names = [pulumi.getProject(), pulumi.getStack(), pulumi.getOrganization()];`);
    const { output } = await engine.up();
    assert.equal(output.includes("s3cret-token"), false);
    assert.deepEqual(await engine.outputs(), {
      word: "open",
      token: "s3cret-token",
      elsewhere: false,
      names: ["test", "test", "organization"],
    });
    assert.equal((await engine.state()).includes("s3cret-token"), false);
  });

  it("leave no process behind when the engine is killed or interrupted", async () => {
    await engine.program(`
      import * as random from "@pulumi/random";
      new random.RandomUuid("id");
      console.log("program is running");
      setInterval(() => undefined, 1000);`);
    for (const signal of ["SIGKILL", "SIGINT"] as const) {
      const running = engine.start(["preview", "--stack", engine.stack, "--non-interactive"]);
      await new Promise<void>((resolve) => {
        running.all.on("data", (bytes: Buffer) => {
          if (String(bytes).includes("program is running")) resolve();
        });
      });
      assert.ok((await engine.processes()).length >= 3);
      running.kill(signal);
      await running;
      for (let tries = 0; tries < 50 && (await engine.processes()).length > 0; tries++) await sleep(200);
      assert.deepEqual(await engine.processes(), [], signal);
    }
  });
});
