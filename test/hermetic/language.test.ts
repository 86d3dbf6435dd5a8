import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import languageMessages from "@pulumi/pulumi/proto/language_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import { dependenciesOf } from "../../hermetic/language/dependencies";
import { pluginCommand } from "../../hermetic/language/runPlugin";
import { programCommand, runResult } from "../../hermetic/language/runProgram";
import { runtimeOptions, shellWords } from "../../hermetic/language/runtimeOptions";
import { REPOSITORY } from "../support/engine";

type Options = Parameters<typeof struct.Struct.fromJavaScript>[0];

function programInfo(options: Options) {
  return new languageMessages.ProgramInfo()
    .setRootDirectory(REPOSITORY)
    .setProgramDirectory(REPOSITORY)
    .setEntryPoint(".")
    .setOptions(struct.Struct.fromJavaScript(options));
}

describe("hermetic language host", () => {
  describe("runtime options", () => {
    it("split nodeargs like a shell", () => {
      assert.deepEqual(shellWords(`--import tsx  --title="a b" 'c "d"' e\\ f ""`), [
        "--import",
        "tsx",
        "--title=a b",
        'c "d"',
        "e f",
        "",
      ]);
      assert.deepEqual(shellWords(""), []);
      assert.throws(() => shellWords(`--title="a`), /A " is not closed in: --title="a/);
    });

    it("compile TypeScript unless told otherwise, as the official host does", () => {
      assert.deepEqual(runtimeOptions({}), { typescript: true, nodeArguments: [] });
      assert.equal(runtimeOptions({ typescript: false }).typescript, false);
    });

    it("say which option is wrong", () => {
      assert.throws(
        () => runtimeOptions({ typescript: "no" }),
        /runtime\.options\.typescript is "no"\. Allowed: true or false/,
      );
      assert.throws(
        () => runtimeOptions({ nodeargs: ["--import", "tsx"] }),
        /runtime\.options\.nodeargs is .*one string/,
      );
      assert.throws(
        () => runtimeOptions({ packagemanager: "yarn" }),
        /runtime\.options\.packagemanager is "yarn".*npm/,
      );
    });
  });

  describe("program command", () => {
    const request = () => {
      const run = new languageMessages.RunRequest()
        .setProject("clinic")
        .setStack("local")
        .setMonitorAddress("127.0.0.1:2")
        .setParallel(16)
        .setDryrun(true)
        .setConfigsecretkeysList(["clinic:password"])
        .setInfo(programInfo({ typescript: false, nodeargs: "--import tsx" }));
      run.getConfigMap().set("clinic:password", "hunter2").set("clinic:a:b", "x");
      return run;
    };

    it("has node's arguments before the run script and the flags after it", () => {
      const { args, cwd } = programCommand(request(), "127.0.0.1:1", {});
      const script = path.join(REPOSITORY, "node_modules/@pulumi/pulumi/cmd/run/index.js");
      assert.deepEqual(args, [
        ...["--import", "tsx", script, "--monitor", "127.0.0.1:2", "--engine", "127.0.0.1:1", "--project", "clinic"],
        ...[
          "--root-directory",
          REPOSITORY,
          "--stack",
          "local",
          "--pwd",
          REPOSITORY,
          "--parallel",
          "16",
          "--dry-run",
          ".",
        ],
      ]);
      assert.equal(cwd, REPOSITORY);
    });

    it("carries config and secrets in the environment only", () => {
      const { args, env } = programCommand(request(), "127.0.0.1:1", { HOME: "/h" });
      assert.deepEqual(env, {
        HOME: "/h",
        PULUMI_CONFIG: '{"clinic:config:a:b":"x","clinic:config:password":"hunter2"}',
        PULUMI_CONFIG_SECRET_KEYS: '["clinic:password"]',
      });
      assert.equal(args.join(" ").includes("hunter2"), false);
    });

    it("says what to do when the SDK is not installed", async () => {
      const empty = await mkdtemp(path.join(tmpdir(), "language-test-"));
      try {
        const info = programInfo({}).setProgramDirectory(empty);
        assert.throws(
          () => programCommand(request().setInfo(info), "", {}),
          /There is no @pulumi\/pulumi\/cmd\/run for the program in .*language-test-.*Run: npm ci/,
        );
      } finally {
        await rm(empty, { recursive: true });
      }
    });
  });

  it("runs a policy pack in its own folder, with the environment of the request", () => {
    const request = new languageMessages.RunPluginRequest()
      .setKind("analyzer")
      .setPwd("/elsewhere")
      .setArgsList(["127.0.0.1:1"])
      .setEnvList(["A=1", "B=x=y", "A=2"])
      .setInfo(programInfo({ typescript: false }));
    const { args, cwd, env } = pluginCommand(request);
    const script = path.join(REPOSITORY, "node_modules/@pulumi/pulumi/cmd/run-policy-pack/index.js");
    assert.deepEqual(args, [script, "127.0.0.1:1", REPOSITORY]);
    assert.equal(cwd, REPOSITORY);
    assert.deepEqual(env, { A: "2", B: "x=y" });
    assert.equal(pluginCommand(request.setKind("resource")).cwd, "/elsewhere");
  });

  it("tells the engine how a run ended", () => {
    assert.deepEqual(runResult({ code: 0, signal: null }), { error: "", bail: false });
    assert.deepEqual(runResult({ code: 32, signal: null }), { error: "", bail: true });
    assert.match(runResult({ code: 3, signal: null }).error, /exit code 3/);
    assert.match(runResult({ code: null, signal: "SIGABRT" }).error, /SIGABRT.*max-old-space-size/);
  });

  it("lists what a program depends on", async () => {
    const folder = await mkdtemp(path.join(tmpdir(), "language-test-"));
    try {
      await writeFile(
        path.join(folder, "package.json"),
        JSON.stringify({ dependencies: { b: "^1" }, devDependencies: { "@x/a": "2" } }),
      );
      assert.deepEqual(dependenciesOf(folder, false), [
        { name: "@x/a", version: "2" },
        { name: "b", version: "^1" },
      ]);
      const packages = {
        "": {},
        "node_modules/b": { version: "1.2.3" },
        "node_modules/b/node_modules/@x/a": { version: "1.0.0" },
        "node_modules/@x/a": { version: "2.0.0" },
      };
      await writeFile(path.join(folder, "package-lock.json"), JSON.stringify({ packages }));
      assert.deepEqual(
        dependenciesOf(folder, false).map(({ version }) => version),
        ["2.0.0", "1.2.3"],
      );
      assert.deepEqual(dependenciesOf(folder, true), [
        { name: "@x/a", version: "1.0.0" },
        { name: "@x/a", version: "2.0.0" },
        { name: "b", version: "1.2.3" },
      ]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
