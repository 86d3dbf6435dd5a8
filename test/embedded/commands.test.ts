import assert from "node:assert/strict";
import { cp, mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { execa } from "execa";
import { REPOSITORY } from "../support/engine";
import { processesOf } from "../support/processes";

/** The commands of the README, in a copy of the repository that has nothing but the npm packages. */
describe("npm start, status and destroy", function () {
  this.timeout(600_000);
  let clone: string;

  before(async () => {
    clone = await mkdtemp(path.join(os.tmpdir(), "landing-zone-clone-"));
    const { stdout } = await execa("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
      cwd: REPOSITORY,
    });
    for (const file of stdout.split("\n")) {
      await cp(path.join(REPOSITORY, file), path.join(clone, file), { recursive: true, force: true });
    }
    await symlink(path.join(REPOSITORY, "node_modules"), path.join(clone, "node_modules"));
  });
  after(async () => {
    await npm("run", "destroy");
    await rm(clone, { recursive: true, force: true });
  });

  it("start brings everything up, says what runs and how to look at it", async () => {
    const { exitCode, all } = await npm("start");
    assert.equal(exitCode, 0, all);
    assert.match(all, /kube-apiserver 1\.36\.3: (cache|machine|download|built)/);
    assert.match(all, /ready +Deployment fi-fhir\/fi-fhir 2\/2/);
    assert.match(all, /ready +ExternalSecret fi-fhir\/fi-fhir-secrets secret synced/);
    assert.match(all, /export KUBECONFIG=/);
    assert.doesNotMatch(all, /NOT READY|\[mandatory\]/);
  });

  it("a second start changes nothing, and no committed file either", async () => {
    const { exitCode, all } = await npm("start");
    assert.equal(exitCode, 0, all);
    assert.match(all, /\d+ unchanged/);
    assert.doesNotMatch(all, /\d+ (created|updated|deleted|replaced)/);
    for (const file of ["Pulumi.yaml", "Pulumi.local.yaml", "package-lock.json"]) {
      assert.equal(await readFile(path.join(clone, file), "utf8"), await readFile(path.join(REPOSITORY, file), "utf8"));
    }
  });

  it("status shows it, and any Pulumi command has the tools", async () => {
    const status = await npm("run", "status");
    assert.equal(status.exitCode, 0, status.all);
    const version = await npm("run", "pulumi", "--", "version");
    assert.match(version.all, /v3\.\d+\.\d+/);
  });

  it("destroy leaves no process behind, and status says so", async () => {
    const { exitCode, all } = await npm("run", "destroy");
    assert.equal(exitCode, 0, all);
    assert.deepEqual(await processesOf(clone), []);
    const status = await npm("run", "status");
    assert.notEqual(status.exitCode, 0);
    assert.match(status.all, /no cluster of this clone is running/);
  });

  /** As a user at a terminal would: without the environment in which the tests themselves run. */
  function npm(...args: string[]) {
    const own = /^(PULUMI_|LANDING_ZONE_|NODE_COMPILE_CACHE|GOGC|npm_)/;
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.test(name)));
    const folders = (env.PATH ?? "")
      .split(path.delimiter)
      .filter((folder) => !/\.landing-zone|node_modules/.test(folder));
    return execa("npm", args, {
      cwd: clone,
      env: { ...env, PATH: folders.join(path.delimiter) },
      extendEnv: false,
      reject: false,
      all: true,
    });
  }
});
