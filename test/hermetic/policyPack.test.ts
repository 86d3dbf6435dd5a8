import assert from "node:assert/strict";
import { symlink } from "node:fs/promises";
import path from "node:path";
import { Engine, hermeticPlugins, REPOSITORY } from "../support/engine";

/** A pack with one mandatory rule: no password shorter than the stack's config says. */
const PACK = `
  const { PolicyPack, validateResourceOfType } = require("@pulumi/policy");
  const pulumi = require("@pulumi/pulumi");
  const least = Number(new pulumi.Config("policy").require("least"));
  new PolicyPack("test-pack", {
    policies: [{
      name: "long-passwords",
      description: "Passwords are long",
      enforcementLevel: "mandatory",
      validateResource: (args, report) => {
        if (args.type === "random:index/randomPassword:RandomPassword" && args.props.length < least) {
          report(pulumi.getProject() + "/" + pulumi.getStack() + ": length is " + args.props.length + ", least is " + least);
        }
      },
    }],
  });`;

const VIOLATION = /test\/test: length is 12, least is 20/;

describe("hermetic plugins with the engine: policy packs", function () {
  this.timeout(240_000); // many commands, on a machine that may be busy

  let engine: Engine;
  let pack: string;

  before(async () => {
    engine = await Engine.create({ pluginsDir: await hermeticPlugins("nodejs", "random") });
    pack = path.join(engine.directory, "pack");
    await engine.write("pack/PulumiPolicy.yaml", "runtime: nodejs\n");
    await engine.write(
      "pack/package.json",
      JSON.stringify({ name: "test-pack", version: "0.0.1", main: "bin/index.js" }),
    );
    await engine.write("pack/bin/index.js", PACK);
    await symlink(path.join(REPOSITORY, "node_modules"), path.join(pack, "node_modules"));
    await engine.config("policy:least", "20");
    await engine.program(`
      import * as random from "@pulumi/random";
      new random.RandomPassword("password", { length: 12 });`);
  });
  after(async () => {
    const left = await engine.processes();
    await engine.dispose();
    assert.deepEqual(left, []);
  });

  it("block a preview, by rules that read the stack's config when the pack is loaded", async () => {
    const { output, exitCode } = await engine.preview(["--policy-pack", pack], { expect: "any" });
    assert.notEqual(exitCode, 0);
    assert.match(output, /\[mandatory\].*long-passwords|long-passwords.*mandatory/s);
    assert.match(output, VIOLATION);
  });

  it("block up before anything is created", async () => {
    const { exitCode, output } = await engine.up(["--policy-pack", pack], { expect: "any" });
    assert.notEqual(exitCode, 0);
    assert.match(output, VIOLATION);
    assert.equal((await engine.state()).includes("randomPassword"), false);
  });

  it("let pass what is right", async () => {
    await engine.config("policy:least", "12");
    try {
      const { output } = await engine.preview(["--policy-pack", pack]);
      assert.match(output, /test-pack/);
    } finally {
      await engine.config("policy:least", "20");
    }
  });

  it("are taken from PULUMI_OPTION_POLICY_PACK, which other commands do not mind", async () => {
    const env = { PULUMI_OPTION_POLICY_PACK: pack };
    assert.match((await engine.preview([], { env, expect: 1 })).output, VIOLATION);
    assert.match((await engine.up([], { env, expect: 1 })).output, VIOLATION);
    await engine.pulumi(["config", "--stack", engine.stack], { env });
    await engine.pulumi(["stack", "--stack", engine.stack], { env });
    await engine.refresh([], { env });
    await engine.destroy([], { env });
  });

  it("fail the preview when the pack prints before it serves, as with the official host", async () => {
    await engine.write("chatty/PulumiPolicy.yaml", "runtime: nodejs\n");
    await engine.write("chatty/package.json", JSON.stringify({ name: "chatty", version: "0.0.1", main: "index.js" }));
    await engine.write("chatty/index.js", `console.log("hello");${PACK}`);
    const chatty = path.join(engine.directory, "chatty");
    const { output } = await engine.preview(["--policy-pack", chatty], { expect: 1 });
    assert.match(output, /printed "hello" to standard output before its port.*standard error/);
  });

  it("fail the preview when the pack does not load, saying why", async () => {
    await engine.write("broken/PulumiPolicy.yaml", "runtime: nodejs\n");
    await engine.write("broken/package.json", JSON.stringify({ name: "broken", version: "0.0.1", main: "index.js" }));
    await engine.write("broken/index.js", `throw new Error("this pack is broken");`);
    const { output, exitCode } = await engine.preview(["--policy-pack", path.join(engine.directory, "broken")], {
      expect: "any",
    });
    assert.notEqual(exitCode, 0);
    assert.match(output, /this pack is broken/);
    assert.match(output, /ended before it answered/);
  });
});
