import assert from "node:assert/strict";
import type { RequestListener } from "node:http";
import { createServer } from "node:https";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AddressInfo } from "node:net";
import { ensureAuthority, ensureCertificate } from "../../../provider/certificates";
import { clusterAccess } from "../../../provider/serviceAccountToken";
import { accessSchema, policyDocument, roleSettings } from "../../../provider/vault/accessDocuments";
import { VaultClient } from "../../../provider/vault/client";
import { reachVault } from "../../../provider/vault/reach";
import { adminPolicy } from "../../../provider/vault/setup";

const access = {
  address: "https://vault.example.com:8200",
  caBundle: Buffer.from("-----BEGIN CERTIFICATE-----").toString("base64"),
  token: "hvs.test",
  role: "fi-fhir",
  namespace: "fi-fhir",
  serviceAccount: "fi-fhir",
  audience: "vault",
  readPaths: ["fi-fhir/*", "shared/authority"],
  kvMount: "secret",
  authMount: "kubernetes",
};

describe("what a system gets in Vault", () => {
  it("reads the values below its paths and looks after its own token, without Vault's default policy", () => {
    const rules = [...policyDocument(access).matchAll(/path "(.*)" \{\n {2}capabilities = (.*)\n\}/g)];
    assert.deepEqual(
      rules.map(([, path, capabilities]) => `${path ?? ""} ${capabilities ?? ""}`),
      [
        'secret/data/fi-fhir/* ["read"]',
        'secret/data/shared/authority ["read"]',
        'auth/token/lookup-self ["read"]',
        'auth/token/revoke-self ["update"]',
      ],
    );
    assert.equal(roleSettings(access).token_no_default_policy, true);
  });

  it("is bound to one ServiceAccount of one namespace and one audience, for minutes", () => {
    const settings = roleSettings(access);
    assert.deepEqual(settings.bound_service_account_names, ["fi-fhir"]);
    assert.deepEqual(settings.bound_service_account_namespaces, ["fi-fhir"]);
    assert.equal(settings.audience, "vault");
    assert.ok(settings.token_max_ttl <= 600);
  });

  for (const path of ["*", "/fi-fhir", "fi-fhir/", "fi-fhir/../other", "./x", "fi*", "fi-fhir/*/x", 'x" {', ""]) {
    it(`can't be opened by the path ${JSON.stringify(path)}`, () => {
      assert.equal(accessSchema.safeParse({ ...access, readPaths: [path] }).success, false);
    });
  }
});

describe("the administrator's policy", () => {
  it("can't be changed by its holder", () => {
    const policy = adminPolicy({ kvMount: "secret", authMount: "kubernetes" });
    assert.match(policy, /path "sys\/policies\/acl\/landing-zone-admin" \{\n {2}capabilities = \["deny"\]/);
    assert.doesNotMatch(policy, /sudo|path "\*"|sys\/(audit|mounts|auth|seal)/);
  });
});

describe("reachVault", () => {
  let directory: string;
  let server: ReturnType<typeof createServer>;
  let answer: RequestListener = (_, response) => response.end();
  let client: VaultClient;
  const health =
    (body: object): RequestListener =>
    (_, response) =>
      response.writeHead(503).end(JSON.stringify(body));
  const messages: string[] = [];
  const options = (timeoutSeconds: number, signal = new AbortController().signal) => ({
    signal,
    timeoutSeconds,
    status: (message: string) => void messages.push(message),
  });

  before(async () => {
    directory = mkdtempSync(join(tmpdir(), "vault-reach-"));
    const authority = await ensureAuthority(directory, "ca", "test");
    const request = { commonName: "vault", hosts: ["127.0.0.1"], usages: ["server"] as const };
    const { certificate, key } = await ensureCertificate(directory, "vault", authority, request);
    server = createServer({ cert: certificate, key }, (request, response) => answer(request, response));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const caBundle = Buffer.from(authority.certificate).toString("base64");
    client = new VaultClient({ address: `https://127.0.0.1:${port}`, caBundle, token: "hvs.test" });
  });
  after(() => {
    server.close();
    rmSync(directory, { recursive: true, force: true });
  });
  beforeEach(() => (messages.length = 0));

  it("says once a second what it waits for, then fails once", async () => {
    answer = health({ initialized: false, sealed: true });
    await assert.rejects(
      reachVault(client, options(1), () => Promise.resolve(1)),
      /waited 1 s: it is not initialised\. .*vault operator init/,
    );
    assert.match(messages[0] ?? "", /^waiting for Vault at https:.*: it is not initialised \(0 s of 1 s\)$/);
  });

  it("goes on as soon as it is unsealed", async () => {
    answer = health({ initialized: true, sealed: true });
    setTimeout(() => (answer = health({ initialized: true, sealed: false })), 300);
    assert.equal(await reachVault(client, options(5), () => Promise.resolve("done")), "done");
  });

  it("ends when it is cancelled", async () => {
    answer = health({ initialized: true, sealed: true });
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 100);
    const waiting = reachVault(client, options(30, controller.signal), () => Promise.resolve(1));
    await assert.rejects(waiting, /^Error: Cancelled while waiting for Vault at .*: it is sealed\.$/);
  });

  it("does not wait for a server that is not Vault, nor for one of another authority", async () => {
    answer = (_, response) => response.end("hello");
    await assert.rejects(
      reachVault(client, options(30), () => Promise.resolve(1)),
      /not as Vault does/,
    );
    const stranger = await ensureAuthority(join(directory, "other"), "ca", "other");
    const caBundle = Buffer.from(stranger.certificate).toString("base64");
    const mistrusting = new VaultClient({ ...client.connection, caBundle });
    await assert.rejects(
      reachVault(mistrusting, options(30), () => Promise.resolve(1)),
      /certificate of Vault at .* is not accepted .*caBundle/,
    );
  });
});

describe("clusterAccess", () => {
  it("never quotes a kubeconfig that it can't use", () => {
    const kubeconfig = JSON.stringify({ users: [{ name: "a", user: { token: "planted-token" } }] });
    assert.throws(
      () => clusterAccess(kubeconfig),
      (error: Error) =>
        error.message.includes("kubeconfig must have a current context") && !error.message.includes("planted"),
    );
  });
});
