import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { execa } from "execa";
import { allScripts } from "../../../components/systems/fiFhir/scripts";

const SCRIPTS = path.resolve(__dirname, "../../../components/systems/fiFhir/database/scripts");
const KEY = "planted-backup-key-5c1e";

/** The scripts themselves, with a pgBackRest that only writes down what it is asked. For real: test/database/rehearse.sh. */
describe("scripts of the database", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "fi-fhir-scripts-"));
    mkdirSync(path.join(folder, "bin"));
    writeFileSync(path.join(folder, "key"), KEY);
    pgbackrest('printf "%s\\n" "$*" >>"$CALLS"');
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  for (const script of allScripts().filter((name) => name.endsWith(".sh"))) {
    it(`${script} is valid and stops at the first error`, async () => {
      await execa("bash", ["-n", path.join(SCRIPTS, script)]);
      assert.match(readFileSync(path.join(SCRIPTS, script), "utf8"), /^set -euo pipefail$/m);
    });
  }

  it("hands the key over in a file that only its user reads, never in arguments or output", async () => {
    const { stdout, stderr } = await run("pgbackrest.sh", {}, "info");
    const runtime = path.join(folder, "conf.d");
    assert.deepEqual(readdirSync(runtime), ["key.conf"]);
    assert.equal(statSync(path.join(runtime, "key.conf")).mode & 0o777, 0o600);
    assert.equal(readFileSync(path.join(runtime, "key.conf"), "utf8"), `[global]\nrepo1-cipher-pass=${KEY}\n`);
    for (const text of [stdout, stderr, calls()]) assert.doesNotMatch(text, new RegExp(KEY));
  });

  it("backup.sh makes the repository, then the backup, and fails with either (S4.46)", async () => {
    await run("backup.sh");
    assert.match(calls(), /^--stanza=fi-fhir stanza-create\n--stanza=fi-fhir --type=(incr|full) backup\n$/);
    pgbackrest('[[ "$*" != *backup ]]');
    await assert.rejects(run("backup.sh"));
    pgbackrest('[[ "$*" != *stanza-create ]]');
    await assert.rejects(run("backup.sh"));
  });

  it("restore.sh takes the latest backup, and only what differs when data is there (S4.49)", async () => {
    const PGDATA = path.join(folder, "data");
    await run("restore.sh", { PGDATA });
    assert.equal(calls(), "--stanza=fi-fhir restore\n");
    assert.equal(statSync(PGDATA).mode & 0o777, 0o700);
    writeFileSync(path.join(PGDATA, "PG_VERSION"), "17");
    writeFileSync(path.join(PGDATA, "postmaster.pid"), "1");
    writeFileSync(path.join(folder, "calls"), "");
    await run("restore.sh", { PGDATA, RESTORE_TARGET: "2026-11-21 04:00:00+00" });
    assert.equal(
      calls(),
      "--stanza=fi-fhir --delta --type=time --target=2026-11-21 04:00:00+00 --target-action=promote restore\n",
    );
    assert.ok(readdirSync(PGDATA).includes("postmaster.pid"), "a running server would have been overwritten");
    await run("restore.sh", { PGDATA, RESTORE_STALE_PID: "yes" });
    assert.ok(!readdirSync(PGDATA).includes("postmaster.pid"));
  });

  it("verify.sh fails unless everything is valid", async () => {
    pgbackrest('echo "stanza: fi-fhir"; echo "status: ok"');
    await run("verify.sh");
    pgbackrest('echo "stanza: fi-fhir"; echo "status: error"');
    await assert.rejects(run("verify.sh"));
  });

  it("connect.sh escapes what the password file treats specially", async () => {
    writeFileSync(path.join(folder, "password"), "a:b\\c");
    const script = `source ${path.join(SCRIPTS, "connect.sh")}; cat "$PGPASSFILE"`;
    const env = { PGHOST: "h", PGPORT: "1", PGDATABASE: "d", PGUSER: "u", RUNTIME_DIR: folder };
    const { stdout } = await execa("bash", ["-c", script], {
      env: { ...env, DATABASE_PASSWORD_FILE: path.join(folder, "password") },
    });
    assert.equal(stdout, "h:1:d:u:a\\:b\\\\c");
    assert.equal(statSync(path.join(folder, "pgpass")).mode & 0o777, 0o600);
  });

  it("set-password.sh refuses an empty or short password before it calls anything", async () => {
    writeFileSync(path.join(folder, "password"), "short");
    await assert.rejects(
      run("set-password.sh", { DATABASE_PASSWORD_FILE: path.join(folder, "password") }),
      /fewer than 16 characters/,
    );
  });

  function pgbackrest(body: string): void {
    const file = path.join(folder, "bin", "pgbackrest");
    writeFileSync(file, `#!/usr/bin/env bash\n${body}\n`);
    chmodSync(file, 0o755);
  }

  function calls(): string {
    return readFileSync(path.join(folder, "calls"), "utf8");
  }

  function run(script: string, env: Record<string, string> = {}, ...args: string[]) {
    return execa(path.join(copies(), script), args, {
      env: {
        PATH: `${path.join(folder, "bin")}:${process.env.PATH ?? ""}`,
        CALLS: path.join(folder, "calls"),
        BACKUP_KEY_FILE: path.join(folder, "key"),
        PGBACKREST_CONFIG_INCLUDE_PATH: path.join(folder, "conf.d"),
        ...env,
      },
    });
  }

  /** Executable copies, as the ConfigMap mounts them. */
  function copies(): string {
    const target = path.join(folder, "scripts");
    mkdirSync(target, { recursive: true });
    for (const name of allScripts()) {
      writeFileSync(path.join(target, name), readFileSync(path.join(SCRIPTS, name)));
      chmodSync(path.join(target, name), 0o755);
    }
    return target;
  }
});
