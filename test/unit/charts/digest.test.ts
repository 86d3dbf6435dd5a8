import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import path from "node:path";
import { chmodSync, existsSync, utimesSync } from "node:fs";
import { directoryDigest, pinnedCharts } from "../../../components/charts";
import { CERT_MANAGER, EXTERNAL_SECRETS, project, removeProjects, write } from "./fixtures";

const COMMAND = "find . -type f -printf '%P\\n' | LC_ALL=C sort | xargs -d '\\n' sha256sum | sha256sum";

describe("directoryDigest", () => {
  after(removeProjects);
  const files = { "b.txt": "1", "B.txt": "2", "a/c.txt": "3", "a.txt": "4", "ä.txt": "5" };

  it("is what the documented command prints", () => {
    const { root } = project({});
    write(root, files);
    const printed = execFileSync("bash", ["-c", COMMAND], { cwd: root, encoding: "utf8" });
    assert.equal(directoryDigest(root), `sha256:${printed.slice(0, 64)}`);
  });

  it("depends on names and contents, not on modes and dates", () => {
    const [one, two] = [project({}).root, project({}).root];
    write(one, files);
    write(two, files);
    chmodSync(path.join(two, "b.txt"), 0o755);
    utimesSync(path.join(two, "b.txt"), 1, 1);
    assert.equal(directoryDigest(one), directoryDigest(two));
    write(two, { "b.txt": "2" });
    assert.notEqual(directoryDigest(one), directoryDigest(two));
    write(two, { "b.txt": "1", "new.txt": "" });
    assert.notEqual(directoryDigest(one), directoryDigest(two));
  });

  it("of the charts in the Go modules is what charts.yaml pins", () => {
    const folders = { "external-secrets": EXTERNAL_SECRETS, "cert-manager": CERT_MANAGER };
    for (const [name, module] of Object.entries(folders)) {
      const folder = path.join(module, "deploy/charts", name);
      assert.ok(existsSync(folder), `${folder} is missing: run \`npm run tools\``);
      assert.equal(directoryDigest(folder), pinnedCharts()[name]?.folder?.digest, name);
    }
  });
});
