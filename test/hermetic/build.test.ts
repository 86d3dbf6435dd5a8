import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { execa } from "execa";
import { buildPlugins, type PluginSpec } from "../../hermetic/build";
import { PLUGINS, selectPlugins } from "../../hermetic/plugins";
import { hermeticPlugins } from "../support/engine";

describe("build of the plugins", () => {
  let folder: string;
  let plugin: PluginSpec;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "build-test-"));
    await mkdir(path.join(folder, "source"));
    plugin = { executable: "pulumi-resource-probe", entry: path.join(folder, "source", "main.ts") };
    await source("main.ts", `import { word } from "./word"; console.log(word, process.argv.slice(2).join("|"));`);
    await source("word.ts", `export const word: string = "first";`);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const source = (file: string, content: string): Promise<void> =>
    writeFile(path.join(folder, "source", file), content);
  const out = (): string => path.join(folder, "with blank");
  const build = async (): Promise<boolean | undefined> => (await buildPlugins(out(), [plugin]))[0]?.built;
  const run = (file: string, args: string[] = [], env: NodeJS.ProcessEnv = {}) =>
    execa(file, args, { env, reject: false });

  it("makes an executable that runs from anywhere and passes its arguments on", async () => {
    assert.equal(await build(), true);
    const file = path.join(out(), plugin.executable);
    assert.equal((await run(file, ["a b", "c"])).stdout, "first a b|c");
    const link = path.join(folder, "link");
    await symlink(file, link);
    assert.equal((await run(link)).stdout, "first ");
  });

  it("takes the node that LANDING_ZONE_NODE names", async () => {
    await build();
    const { exitCode, stderr } = await run(path.join(out(), plugin.executable), [], {
      LANDING_ZONE_NODE: "/no/such/node",
    });
    assert.equal(exitCode, 127);
    assert.match(stderr, /\/no\/such\/node/);
  });

  it("builds again when a source changed, an output is gone or the record is damaged, and only then", async () => {
    const bundle = path.join(out(), `${plugin.executable}.cjs`);
    assert.equal(await build(), true);
    const { mtimeMs } = await stat(bundle);
    assert.equal(await build(), false);
    assert.equal((await stat(bundle)).mtimeMs, mtimeMs);

    await source("word.ts", `export const word: string = "second";`);
    assert.equal(await build(), true);
    assert.equal((await run(path.join(out(), plugin.executable))).stdout, "second ");

    await rm(bundle);
    assert.equal(await build(), true);
    await writeFile(path.join(out(), `${plugin.executable}.build.json`), "{");
    assert.equal(await build(), true);
    assert.equal(await build(), false);
  });

  it("points to the sources in a stack trace", async () => {
    await source("word.ts", `export const word: string = "x";\n\nthrow new Error("here");`);
    await build();
    const { stderr } = await run(path.join(out(), plugin.executable));
    assert.match(stderr, /word\.ts:3/);
  });

  it("says which entry point is missing, and which plugins there are", async () => {
    plugin = { ...plugin, entry: "no/such.ts" };
    await assert.rejects(build(), /pulumi-resource-probe: its entry point .*no\/such\.ts does not exist/);
    assert.throws(
      () => selectPlugins(["aws"]),
      /no plugin "aws"\. Allowed: nodejs, random, gcp, kubernetes, landingzone/,
    );
    assert.deepEqual(selectPlugins([]), [...PLUGINS]);
    assert.deepEqual(
      selectPlugins(["random", "pulumi-resource-gcp"]).map(({ entry }) => entry),
      ["hermetic/random/main.ts", "hermetic/gcp/main.ts"],
    );
  });

  it("makes plugins that print their port soon after they start, and end when their engine is gone", async () => {
    const plugins = await hermeticPlugins("nodejs", "random", "gcp");
    for (const executable of ["pulumi-language-nodejs", "pulumi-resource-random", "pulumi-resource-gcp"]) {
      const started = performance.now();
      const child = execa(path.join(plugins, executable), ["127.0.0.1:1"], { stdin: "pipe", reject: false });
      const port = await new Promise<string>((resolve) =>
        child.stdout.once("data", (bytes: Buffer) => resolve(String(bytes))),
      );
      const milliseconds = performance.now() - started;
      assert.match(port, /^\d+\n$/);
      assert.ok(milliseconds < 2_000, `${executable} took ${String(milliseconds)} ms`); // 100 ms on an idle machine
      child.stdin.end();
      assert.equal((await child).exitCode, 0, executable);
    }
  });

  it("leaves nothing out of the bundle that would have to be installed beside it", async () => {
    const plugins = await hermeticPlugins("nodejs");
    const bundle = await readFile(path.join(plugins, "pulumi-language-nodejs.cjs"), "utf8");
    const external = [...bundle.matchAll(/\brequire\("([^"]+)"\)/g)].map(([, name]) => name ?? "");
    const builtin = new Set((await import("node:module")).builtinModules);
    assert.deepEqual(
      external.filter((name) => !builtin.has(name.replace(/^node:/, ""))),
      [],
    );
  });
});
