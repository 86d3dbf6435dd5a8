import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { releaseDeadLocks } from "../../../tools/locks";

describe("tools/locks", () => {
  let state: string;
  let folder: string;

  beforeEach(async () => {
    state = await mkdtemp(path.join(os.tmpdir(), "locks-"));
    folder = path.join(state, ".pulumi", "locks", "organization", "project", "stack");
    await mkdir(folder, { recursive: true });
  });
  afterEach(() => rm(state, { recursive: true }));

  const lock = (pid: number, hostname = os.hostname()): string =>
    JSON.stringify({ pid, username: "someone", hostname, timestamp: "2026-01-01T00:00:00Z" });

  it("removes the lock of a process that is gone", async () => {
    await writeFile(path.join(folder, "a.json"), lock(2 ** 22 - 1));
    await writeFile(path.join(folder, "a.json.attrs"), "{}");
    const lines = await releaseDeadLocks(state, "project", "stack");
    assert.match(lines.join(), /was killed \(process 4194303\)/);
    assert.deepEqual(await readdir(folder), []);
  });

  it("removes a lock whose process number belongs to another program now", async () => {
    await writeFile(path.join(folder, "a.json"), lock(process.pid));
    assert.equal((await releaseDeadLocks(state, "project", "stack")).length, 1);
  });

  it("leaves the lock of another machine alone", async () => {
    await writeFile(path.join(folder, "a.json"), lock(2 ** 22 - 1, "elsewhere"));
    assert.deepEqual(await releaseDeadLocks(state, "project", "stack"), []);
    assert.deepEqual(await readdir(folder), ["a.json"]);
  });

  it("has nothing to do where there never was a lock", async () => {
    assert.deepEqual(await releaseDeadLocks(state, "project", "other"), []);
  });
});
