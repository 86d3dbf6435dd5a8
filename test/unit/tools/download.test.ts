import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { zipSync } from "fflate";
import * as tar from "tar";
import { downloadRelease, isReachable, publishedChecksum } from "../../../tools/download";

describe("tools/download", () => {
  const program = Buffer.from("#!/bin/sh\necho hello\n");
  let folder: string;
  let server: Server;
  let base: string;
  const files = new Map<string, Uint8Array>();
  const ignore = (): void => undefined;

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "download-"));
    server = createServer((request, response) => {
      const content = files.get(request.url ?? "");
      response.writeHead(content ? 200 : 404).end(content);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(async () => {
    server.close();
    await rm(folder, { recursive: true });
  });

  const sum = (content: Uint8Array): string => createHash("sha256").update(content).digest("hex");

  it("takes a bare program whose checksum file holds nothing but the sum", async () => {
    files.set("/bare", program).set("/bare.sha256", Buffer.from(`${sum(program)}\n`));
    const output = path.join(folder, "bare");
    await downloadRelease({ url: `${base}/bare`, checksums: `${base}/bare.sha256` }, output, ignore);
    assert.deepEqual(await readFile(output), program);
    assert.equal((await stat(output)).mode & 0o777, 0o755);
  });

  it("takes one member of a tar.gz that a list of sums names", async () => {
    const source = path.join(folder, "source");
    const { mkdir, writeFile } = await import("node:fs/promises");
    await mkdir(path.join(source, "tool-1"), { recursive: true });
    await writeFile(path.join(source, "tool-1", "tool"), program);
    await writeFile(path.join(source, "tool-1", "README"), "other");
    const chunks: Buffer[] = [];
    for await (const chunk of tar.create({ gzip: true, cwd: source }, ["tool-1"])) chunks.push(chunk);
    const archive = Buffer.concat(chunks);
    files.set("/tool-1.tar.gz", archive);
    files.set("/SUMS", Buffer.from(`${"0".repeat(64)}  other.tar.gz\n${sum(archive)}  tool-1.tar.gz\n`));
    const output = path.join(folder, "tool");
    await downloadRelease(
      { url: `${base}/tool-1.tar.gz`, checksums: `${base}/SUMS`, member: "tool-1/tool" },
      output,
      ignore,
    );
    assert.deepEqual(await readFile(output), program);
  });

  it("takes one member of a zip", async () => {
    const archive = zipSync({ vault: program, "LICENSE.txt": Buffer.from("text") });
    files.set("/vault.zip", archive).set("/VSUMS", Buffer.from(`${sum(archive)}  vault.zip\n`));
    const output = path.join(folder, "vault");
    await downloadRelease({ url: `${base}/vault.zip`, checksums: `${base}/VSUMS`, member: "vault" }, output, ignore);
    assert.deepEqual(await readFile(output), program);
  });

  it("refuses a file whose checksum differs and leaves nothing behind", async () => {
    files.set("/forged", program).set("/forged.sha256", Buffer.from("a".repeat(64)));
    const output = path.join(folder, "forged");
    await assert.rejects(
      downloadRelease({ url: `${base}/forged`, checksums: `${base}/forged.sha256` }, output, ignore),
      new RegExp(`SHA-256 is ${sum(program)}, published is ${"a".repeat(64)}`),
    );
    assert.equal(existsSync(output), false);
  });

  it("refuses a file that the list does not name", async () => {
    files.set("/unlisted", program).set("/LIST", Buffer.from(`${sum(program)}  other\n`));
    const release = { url: `${base}/unlisted`, checksums: `${base}/LIST` };
    await assert.rejects(
      downloadRelease(release, path.join(folder, "unlisted"), ignore),
      /has no SHA-256 for unlisted/,
    );
  });

  it("says which file is missing", async () => {
    const release = { url: `${base}/absent`, checksums: `${base}/absent.sha256` };
    await assert.rejects(downloadRelease(release, path.join(folder, "absent"), ignore), /absent.*HTTP 404/);
  });

  it("reads sums as sha256sum writes them, in text and in binary mode", () => {
    const list = `${"1".repeat(64)}  a\n${"2".repeat(64)} *dir/b\n`;
    assert.equal(publishedChecksum(list, "a"), "1".repeat(64));
    assert.equal(publishedChecksum(list, "b"), "2".repeat(64));
    assert.equal(publishedChecksum(list, "c"), undefined);
  });

  it("knows a host that answers from one that does not", async () => {
    assert.equal(await isReachable(`${base}/anything`), true);
    assert.equal(await isReachable("http://127.0.0.1:9"), false);
  });
});
