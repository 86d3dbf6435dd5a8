import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { X509Certificate } from "node:crypto";
import { ensureAuthority, ensureCertificate, ensureKeyPair } from "../../../provider/certificates";
import { readJsonIfAny, readOrCreatePrivateFile, writePrivateFile } from "../../../provider/files";
import { choosePorts, isPortFree, replaceTakenPorts } from "../../../provider/ports";

describe("what a resource keeps in its directory", () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "files-test-"));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it("is private, whole, and keeps what was there first", () => {
    const file = join(directory, "a/b/key");
    assert.equal(
      readOrCreatePrivateFile(file, () => "first"),
      "first",
    );
    assert.equal(
      readOrCreatePrivateFile(file, () => "second"),
      "first",
    );
    writePrivateFile(file, "third");
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.equal(statSync(join(directory, "a")).mode & 0o777, 0o700);
    assert.deepEqual(readdirSync(join(directory, "a/b")), ["key"]);
    assert.equal(readJsonIfAny(join(directory, "nothing")), undefined);
    assert.throws(() => readJsonIfAny(file), /key is not valid JSON/);
  });

  it("has ports that stay, and other ones when they were taken", async () => {
    const file = join(directory, "ports.json");
    const first = await choosePorts(file, ["a", "b"]);
    assert.notEqual(first.a, first.b);
    assert.deepEqual(await choosePorts(file, ["a", "b"]), first);
    const more = await choosePorts(file, ["a", "c"]);
    assert.equal(more.a, first.a);

    const server = createServer().listen(first.a, "127.0.0.1");
    try {
      assert.equal(await isPortFree(first.a), false);
      assert.deepEqual(await replaceTakenPorts(file, ["a", "b", "c"]), ["a"]);
      const second = await choosePorts(file, ["a", "b", "c"]);
      assert.notEqual(second.a, first.a);
      assert.deepEqual([second.b, second.c], [first.b, more.c]);
    } finally {
      server.close();
    }
  });

  it("has certificates that stay, name their hosts and usages, and are made anew when they don't fit", async () => {
    const request = {
      commonName: "it",
      organization: "group",
      hosts: ["localhost", "127.0.0.1"],
      usages: ["server"] as const,
    };
    const authority = await ensureAuthority(directory, "ca", "authority");
    const first = await ensureCertificate(directory, "it", authority, request);
    assert.deepEqual(await ensureCertificate(directory, "it", authority, request), first);
    const certificate = new X509Certificate(first.certificate);
    assert.ok(certificate.verify(new X509Certificate(authority.certificate).publicKey));
    assert.equal(certificate.subjectAltName, "DNS:localhost, IP Address:127.0.0.1");
    assert.deepEqual(certificate.keyUsage, ["1.3.6.1.5.5.7.3.1"]);
    assert.match(certificate.subject, /CN=it\nO=group/);
    assert.equal(certificate.ca, false);
    assert.equal(statSync(join(directory, "it.key")).mode & 0o777, 0o600);

    // A renewal that was killed between key and certificate.
    await ensureCertificate(directory, "other", authority, request);
    writeFileSync(join(directory, "it.key"), (await ensureCertificate(directory, "other", authority, request)).key);
    const second = await ensureCertificate(directory, "it", authority, request);
    assert.notEqual(second.certificate, first.certificate);

    rmSync(join(directory, "ca.crt"));
    const newAuthority = await ensureAuthority(directory, "ca", "authority");
    assert.notEqual((await ensureCertificate(directory, "it", newAuthority, request)).certificate, second.certificate);

    await ensureKeyPair(directory, "pair");
    assert.deepEqual(
      readdirSync(directory).filter((name) => name.startsWith("pair")),
      ["pair.key", "pair.pub"],
    );
  });
});
