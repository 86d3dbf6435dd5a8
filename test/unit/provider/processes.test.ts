import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writePrivateJson } from "../../../provider/files";
import { identify } from "../../../provider/processTable";
import {
  findDaemon,
  findLeftovers,
  findProgram,
  logFile,
  logTail,
  pidFile,
  startDaemon,
  stopDaemon,
  stopLeftovers,
  stopProcess,
  type Daemon,
} from "../../../provider/processes";
import { waitUntilReady } from "../../../provider/waiting";

const signal = new AbortController().signal;

describe("processes", () => {
  let directory: string;
  const script = (text: string, more: Partial<Daemon> = {}): Daemon => {
    return { name: "part", directory, program: process.execPath, args: ["-e", text, `${directory}/argument`], ...more };
  };
  const logged = (text: string): Promise<void> =>
    waitUntilReady(() => Promise.resolve(logTail(logFile(directory, "part")).join("\n").includes(text)), {
      what: text,
      signal,
      timeoutSeconds: 10,
    });

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "processes-test-"));
  });
  afterEach(async () => {
    await stopDaemon(directory, "part", 1);
    rmSync(directory, { recursive: true });
  });

  it("start once, with a private log, in a group of their own and without our environment", async () => {
    process.env.A_SECRET_OF_OURS = "planted";
    try {
      const daemon = script(
        `console.log(process.env.A_SECRET_OF_OURS ?? "nothing", process.env.OWN); setInterval(() => {}, 1e6)`,
        { env: { OWN: "given" } },
      );
      const { pid } = await startDaemon(daemon);
      assert.equal((await startDaemon(daemon)).pid, pid);
      await logged("nothing given");
      assert.equal(statSync(logFile(directory, "part")).mode & 0o777, 0o600);
      assert.equal(statSync(pidFile(directory, "part")).mode & 0o777, 0o600);
      if (process.platform === "linux")
        assert.equal(readFileSync(`/proc/${pid}/stat`, "utf8").split(" ")[4], String(pid));
    } finally {
      delete process.env.A_SECRET_OF_OURS;
    }
  });

  it("are started anew when their arguments or files change, with a log of their own", async () => {
    const file = join(directory, "settings.json");
    writePrivateJson(file, 1);
    const first = await startDaemon(script("console.log('one'); setInterval(() => {}, 1e6)", { files: [file] }));
    await logged("one");
    writePrivateJson(file, 2);
    const second = await startDaemon(script("console.log('one'); setInterval(() => {}, 1e6)", { files: [file] }));
    assert.notEqual(second.pid, first.pid);
    const third = await startDaemon(script("console.log('two'); setInterval(() => {}, 1e6)", { files: [file] }));
    assert.notEqual(third.pid, second.pid);
    await logged("two");
    assert.equal(readFileSync(logFile(directory, "part"), "utf8").includes("one"), false);
    assert.equal(identify(first.pid), undefined);
  });

  it("are killed when they don't end by themselves", async () => {
    const stubborn = await startDaemon(
      script("process.on('SIGTERM', () => {}); console.log('up'); setInterval(() => {}, 1e6)"),
    );
    await logged("up");
    await stopDaemon(directory, "part", 0.2);
    assert.equal(identify(stubborn.pid), undefined);
    assert.equal(existsSync(pidFile(directory, "part")), false);
  });

  it("are told from another process that has their pid now", async () => {
    const { pid, started } = await startDaemon(script("setInterval(() => {}, 1e6)"));
    writePrivateJson(pidFile(directory, "part"), { pid, started: `${started}0`, fingerprint: "" });
    assert.equal(findDaemon(directory, "part"), undefined);
    await stopDaemon(directory, "part");
    assert.ok(identify(pid), "a process that is not ours must survive");
    await stopProcess({ pid, started }, 1);
  });

  it("are found by their directory when nobody noted their pid", async () => {
    const { pid } = await startDaemon(script("setInterval(() => {}, 1e6)"));
    await stopLeftovers(directory, ["node"], ["part"]);
    assert.ok(identify(pid), "it is noted");
    rmSync(pidFile(directory, "part"));
    assert.deepEqual(
      findLeftovers(directory, ["node"]).map((one) => one.pid),
      [pid],
    );
    assert.deepEqual(findLeftovers(`${directory}-other`, ["node"]), []);
    assert.deepEqual(findLeftovers(directory, ["etcd"]), []);
    await stopLeftovers(directory, ["node"], ["part"]);
    assert.equal(identify(pid), undefined);
  });

  it("say which program can't be found or started", async () => {
    assert.throws(() => findProgram("no-such-program"), /"no-such-program" is not on PATH\. Run `npm start`/);
    await assert.rejects(startDaemon({ ...script(""), program: join(directory, "nothing") }), /ENOENT/);
  });

  it("end a hopeless wait at once, and a cancelled one", async () => {
    const wait = { what: "it", timeoutSeconds: 60, signal };
    await assert.rejects(
      waitUntilReady(() => Promise.resolve(false), { ...wait, hopeless: () => "it died" }),
      /^Error: it died$/,
    );
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 50);
    await assert.rejects(
      waitUntilReady(() => Promise.resolve(false), { ...wait, signal: controller.signal }),
      /Cancelled while waiting for it/,
    );
    const failing = (): Promise<boolean> => Promise.reject(new Error("refused"));
    await assert.rejects(
      waitUntilReady(failing, { ...wait, timeoutSeconds: 0.1 }),
      /it is not ready after 0\.1 s: refused/,
    );
  });

  it("hide what looks like a credential in the end of a log", async () => {
    await startDaemon(script(`console.log('level=info token: abc.def "password":"xyz" rest')`));
    await logged("rest");
    assert.deepEqual(logTail(logFile(directory, "part")), ['level=info token: [hidden] "password":"[hidden]" rest']);
  });
});
