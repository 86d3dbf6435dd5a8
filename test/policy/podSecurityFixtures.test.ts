import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { podSecurityControls } from "../../policy-pack/controls/podSecurity";
import { Harness, type Manifest } from "./harness";
import { typed, wrapped, WRAPPERS } from "./manifests";

const MODULE = "k8s.io/pod-security-admission@v0.36.3";
const OLDEST_MINOR = 25;

type Level = "baseline" | "restricted";

interface Fixture {
  file: string;
  pass: boolean;
  pod: Manifest;
}

/** The official fixtures, from the module that the API server itself is built from. */
function fixturesDirectory(): string {
  const output = execFileSync("go", ["mod", "download", "-json", MODULE], { encoding: "utf8", maxBuffer: 1 << 20 });
  return path.join((JSON.parse(output) as { Dir: string }).Dir, "test", "testdata");
}

function fixturesOf(directory: string): Fixture[] {
  return ["pass", "fail"].flatMap((verdict) =>
    readdirSync(path.join(directory, verdict)).map((name) => ({
      file: `${verdict}/${name}`,
      pass: verdict === "pass",
      pod: parse(readFileSync(path.join(directory, verdict, name), "utf8")) as Manifest,
    })),
  );
}

const CONTROLS: Record<Level, string[]> = {
  baseline: podSecurityControls.filter(({ podSecurity }) => podSecurity === "baseline").map(({ id }) => id),
  restricted: podSecurityControls.map(({ id }) => id),
};

describe("policy pack against the official Pod Security fixtures", function () {
  this.timeout(300_000);
  const root = fixturesDirectory();

  for (const level of ["baseline", "restricted"] as const) {
    const versions = readdirSync(path.join(root, level)).filter((name) => Number(name.split(".")[1]) >= OLDEST_MINOR);

    it(`has fixtures of the ${level} level from 1.${String(OLDEST_MINOR)} on`, () => {
      assert.ok(versions.length >= 11, versions.join());
    });

    for (const version of versions) {
      it(`agrees with every fixture of ${level} ${version}, bare and in each workload kind`, async () => {
        const harness = new Harness({
          config: { podSecurityVersion: version.slice(1) },
          only: CONTROLS[level],
          adjust: (settings) => ({ ...settings, podSecurityLevel: level }),
        });
        const wrong: string[] = [];
        let count = 0;
        for (const { file, pass, pod } of fixturesOf(path.join(root, level, version))) {
          for (const object of [pod, ...WRAPPERS.map((wrapper) => wrapped(pod, wrapper))]) {
            const { violations } = await harness.resource(typed(object));
            count += 1;
            if ((violations.length === 0) !== pass)
              wrong.push(`${file} as ${String(object.kind)}: ${violations.map(({ message }) => message).join("; ")}`);
          }
        }
        assert.deepEqual(wrong, []);
        assert.ok(count > 300, `only ${String(count)} cases`);
      });
    }
  }
});
