import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { externalSecretArgs, secretStoreArgs } from "../../components/secrets";
import type { SecretSource } from "../../components/contracts";
import { isSecret, secret, UNKNOWN } from "../../hermetic/protocol/values";
import { externalSecretsHandler } from "../../provider/externalSecrets/handler";
import { findDaemon, findLeftovers, stopProcess } from "../../provider/processes";
import { vaultAccessHandler } from "../../provider/vault/access";
import { VaultClient, VaultRefusal } from "../../provider/vault/client";
import { embeddedVaultHandler } from "../../provider/vault/handler";
import { vaultLayout } from "../../provider/vault/layout";
import { startVault } from "../../provider/vault/program";
import { vaultSecretHandler } from "../../provider/vault/secret";
import { DrivenResource } from "../support/drivenResource";
import { send, TestRoot, type TestCluster } from "../support/embeddedCluster";
import { eventually } from "../support/embeddedRequests";
import { loginToken, PLATFORM, post, secretsCluster, secretValue, STRANGER, SYSTEM } from "../support/secretsCluster";

const FIRST = "first-planted-value-51c7";
const SECOND = "second-planted-value-90ad";
const STORES = `/apis/external-secrets.io/v1/namespaces/${SYSTEM}/secretstores`;
const EXTERNAL = `/apis/external-secrets.io/v1/namespaces/${SYSTEM}/externalsecrets`;

/** The tests share one cluster and build on each other, in the order of a Vault's life. */
describe("Vault and External Secrets", function () {
  this.timeout(120_000);
  let root: TestRoot;
  let cluster: TestCluster;
  let vault: DrivenResource;
  let controller: DrivenResource;
  let access: DrivenResource;
  let value: DrivenResource;
  let vaultDirectory: string;
  let controllerDirectory: string;

  before(async () => {
    root = new TestRoot();
    cluster = await secretsCluster(root);
    vaultDirectory = join(cluster.directory, "vault");
    controllerDirectory = join(cluster.directory, "external-secrets");
    vault = new DrivenResource(embeddedVaultHandler, {
      directory: ".landing-zone/clusters/secrets/vault",
      kubeconfig: secret(cluster.kubeconfig),
      reviewer: { namespace: PLATFORM, serviceAccount: "vault-token-reviewer" },
      kvMount: "secret",
      authMount: "kubernetes",
    });
    controller = new DrivenResource(externalSecretsHandler, {
      directory: ".landing-zone/clusters/secrets/external-secrets",
      namespace: SYSTEM,
      kubeconfig: secret(cluster.kubeconfig),
      identity: { namespace: PLATFORM, serviceAccount: "external-secrets" },
    });
  });
  after(async () => {
    // Also after a failed test: nothing goes on running. Both lie below the cluster's directory, which is removed last.
    for (const resource of [controller, vault]) if (resource.state.directory !== undefined) await resource.delete();
    await root.dispose();
  });

  const connection = () => ({
    address: vault.outputs.address as string,
    caBundle: vault.outputs.caBundle as string,
    token: vault.outputs.token as string,
  });
  const admin = () => new VaultClient(connection());
  const source = (): SecretSource => ({
    server: connection().address,
    caBundle: connection().caBundle,
    kvMount: "secret",
    authMount: "kubernetes",
    audience: "vault",
  });
  const login = async (namespace: string, audience: string): Promise<VaultClient> => {
    const jwt = await loginToken(cluster, namespace, audience);
    const anybody = new VaultClient({ ...connection(), token: undefined });
    const { auth } = await anybody.write("auth/kubernetes/login", { role: SYSTEM, jwt });
    return anybody.as((auth as { client_token: string }).client_token);
  };
  const killVault = async (): Promise<void> => {
    const process = findDaemon(vaultDirectory, "vault");
    assert.ok(process, "vault runs");
    await stopProcess(process, 0);
  };

  describe("the server", () => {
    it("is only planned at preview", async () => {
      const planned = await vault.create({ preview: true });
      assert.equal(planned.address, UNKNOWN);
      assert.equal(existsSync(vaultDirectory), false, "a preview must change nothing");
    });

    it("comes up initialised, unsealed and set up", async () => {
      const start = performance.now();
      await vault.create();
      console.log(`      ready after ${((performance.now() - start) / 1000).toFixed(1)} s`);
      assert.match(connection().address, /^https:\/\/127\.0\.0\.1:\d+$/);
      assert.deepEqual(await vault.diff(), {});
      assert.equal((await admin().health()).sealed, false);
    });

    it("keeps its keys in private files and its token marked as secret", () => {
      assert.ok(isSecret(vault.state.token));
      assert.ok(isSecret(vault.state.kubeconfig));
      assert.equal(existsSync(join(vaultDirectory, "root-token.json")), false, "root ends with the set-up");
      for (const file of ["unseal-key.json", "access.json", "pki/ca.key", "pki/vault.key"]) {
        assert.equal(statSync(join(vaultDirectory, file)).mode & 0o777, 0o600, file);
      }
      assert.equal(statSync(vaultDirectory).mode & 0o777, 0o700);
    });

    it("hands out a token that is not root's", async () => {
      const { policies } = (await admin().read("auth/token/lookup-self")) ?? {};
      assert.deepEqual(policies, ["landing-zone-admin"]);
      await assert.rejects(admin().read("sys/audit"), /403.*permission denied/);
      const own = admin().write("sys/policies/acl/landing-zone-admin", {
        policy: 'path "*" { capabilities=["sudo"] }',
      });
      await assert.rejects(own, /403.*permission denied/);
    });

    it("is not touched by another resource with the same directory", async () => {
      const other = new DrivenResource(embeddedVaultHandler, await vault.check(), "other");
      await assert.rejects(other.create(), /belongs to another resource .*::test/);
    });
  });

  describe("access and values", () => {
    before(() => {
      access = new DrivenResource(vaultAccessHandler, {
        ...connection(),
        role: SYSTEM,
        namespace: SYSTEM,
        serviceAccount: SYSTEM,
        audience: "vault",
        readPaths: ["fi-fhir/*"],
        kvMount: "secret",
        authMount: "kubernetes",
      });
      value = new DrivenResource(vaultSecretHandler, {
        ...connection(),
        mount: "secret",
        path: "fi-fhir/database",
        data: { password: FIRST },
      });
    });

    it("are written once", async () => {
      await access.create();
      await value.create();
      assert.deepEqual([await access.diff(), await value.diff()], [{}, {}]);
      assert.equal(value.state.version, 1);
      await value.update();
      assert.equal(value.state.version, 1, "the same data make no new version");
    });

    it("let the system's own ServiceAccount read its values and nothing else", async () => {
      const system = await login(SYSTEM, "vault");
      const found = await system.read("secret/data/fi-fhir/database");
      assert.deepEqual(found?.data, { password: FIRST });
      await assert.rejects(system.read("secret/data/other/database"), /403/);
      await assert.rejects(system.read("secret/metadata/fi-fhir/database"), /403/);
      await assert.rejects(system.write("secret/data/fi-fhir/database", { data: {} }), /403/);
    });

    it("refuse the ServiceAccount of the same name in another namespace", async () => {
      await assert.rejects(login(STRANGER, "vault"), (error: VaultRefusal) => {
        assert.match(error.message, /403.*namespace not authorized|403.*permission denied/);
        return true;
      });
    });

    it("refuse a token that was made for another audience", async () => {
      await assert.rejects(login(SYSTEM, "https://kubernetes.default.svc.cluster.local"), /403.*(audience|permission)/);
    });

    it("find and undo what was changed by hand", async () => {
      await admin().write(`auth/kubernetes/role/${SYSTEM}`, { bound_service_account_namespaces: ["*"] });
      await admin().write(`sys/policies/acl/${SYSTEM}`, { policy: 'path "secret/*" { capabilities = ["read"] }' });
      await admin().write("secret/data/fi-fhir/database", { data: { password: "by hand" } });
      assert.ok((await access.refresh()) && (await value.refresh()));
      assert.deepEqual(Object.keys(await access.diff()).sort(), ["policy", "settings"]);
      assert.deepEqual(await value.diff(), { data: "update" });
      assert.ok(isSecret(value.state.data), "what was read is secret too");
      await access.update();
      await value.update();
      assert.ok((await access.refresh()) && (await value.refresh()));
      assert.deepEqual([await access.diff(), await value.diff()], [{}, {}]);
      await assert.rejects(login(STRANGER, "vault"), VaultRefusal);
    });

    it("are found gone when they are, and can be made again", async () => {
      await admin().delete("secret/metadata/fi-fhir/database");
      assert.equal(await value.refresh(), false);
      await value.create();
      assert.equal(value.state.version, 1);
    });

    it("refuse inputs that would open more than was meant", async () => {
      await assert.rejects(access.check({ readPaths: ["*"] }), /readPaths\.0: must be a path below the mount/);
      await assert.rejects(access.check({ readPaths: ["a/../b"] }), /readPaths\.0/);
      await assert.rejects(access.check({ namespace: "*" }), /namespace: must be a Kubernetes name/);
      await assert.rejects(access.check({ audience: "" }), /audience/);
      await assert.rejects(access.check({ address: "http://127.0.0.1:1" }), /address: must be an https URL/);
    });
  });

  describe("External Secrets", () => {
    before(async () => {
      assert.equal((await controller.create({ preview: true })).namespace, SYSTEM);
      assert.equal(existsSync(controllerDirectory), false, "a preview must change nothing");
      await controller.create();
      assert.deepEqual(await controller.diff(), {});
    });

    it("makes a Kubernetes Secret of a value in Vault", async () => {
      const store = { namespace: SYSTEM, source: source(), role: SYSTEM, serviceAccount: SYSTEM };
      await post(cluster, STORES, secretStoreArgs(store));
      const wanted = {
        namespace: SYSTEM,
        name: "fi-fhir-secrets",
        target: SYSTEM,
        store: "vault-backend",
        refreshInterval: "2s",
        data: [{ secretKey: "database-password", remoteKey: "fi-fhir/database", property: "password" }],
      };
      await post(cluster, EXTERNAL, externalSecretArgs(wanted));
      await eventually("the Secret", async () => (await secretValue(cluster, SYSTEM, "database-password")) === FIRST);
    });

    it("follows when the value is rotated in Vault", async () => {
      await value.update({ data: secret({ password: SECOND }) });
      assert.equal(value.state.version, 2);
      await eventually("the new value", async () => {
        return (await secretValue(cluster, SYSTEM, "database-password")) === SECOND;
      });
    });

    it("reports a store as not ready whose role Vault does not know", async () => {
      const other = {
        namespace: SYSTEM,
        name: "wrong",
        source: source(),
        role: "no-such-role",
        serviceAccount: SYSTEM,
      };
      await post(cluster, STORES, secretStoreArgs(other));
      const answer = async () => {
        const { body } = await cluster.api("GET", `${STORES}/wrong`);
        return (JSON.parse(body) as { status?: { conditions?: { status: string; message: string }[] } }).status;
      };
      await eventually("the store to be refused", async () => (await answer())?.conditions?.[0]?.status === "False");
      await cluster.api("DELETE", `${STORES}/wrong`);
    });

    it("works with its own rights, in its own namespace only", async () => {
      const token = readFileSync(join(controllerDirectory, "token"), "utf8");
      assert.equal(statSync(join(controllerDirectory, "token")).mode & 0o777, 0o600);
      const ca = readFileSync(join(cluster.layout.pki, "ca.crt"), "utf8");
      const server = `https://127.0.0.1:${cluster.ports.apiServer}`;
      const status = async (method: string, path: string, body?: object): Promise<number> =>
        (await send(`${server}${path}`, { ca }, method, body, token)).status;
      assert.equal(await status("GET", `/api/v1/namespaces/${SYSTEM}/secrets`), 200);
      assert.equal(await status("GET", `/api/v1/namespaces/${STRANGER}/secrets`), 403);
      assert.equal(await status("GET", "/api/v1/secrets"), 403);
      const tokens = `/api/v1/namespaces/${SYSTEM}/serviceaccounts/default/token`;
      assert.equal(await status("POST", tokens, { spec: {} }), 403);
      const log = readFileSync(join(controllerDirectory, "logs/external-secrets.log"), "utf8");
      assert.doesNotMatch(log, /forbidden/, "the rights are enough, too");
    });
  });

  describe("when Vault is not there", () => {
    it("a value waits, says so, then fails with what to do", async () => {
      await killVault();
      value.messages.length = 0;
      const secretData = { password: "third-planted-value-77ee" };
      await assert.rejects(value.update({ data: secret(secretData) }, { timeout: 2 }), (error: Error) => {
        assert.match(error.message, /^Vault at https:\/\/127\.0\.0\.1:\d+ can't be used, waited 2 s: nobody answers/);
        assert.match(error.message, /run `pulumi up` again/);
        assert.doesNotMatch(error.message, /planted/);
        return true;
      });
      assert.ok(value.messages.length >= 2 && value.messages.length <= 4, "a line a second");
      assert.match(
        value.messages.at(-1) ?? "",
        /^waiting for Vault at https:.*: nobody answers \(ECONNREFUSED\) \(\d s of 2 s\)$/,
      );
    });

    it("the next update starts and unseals it, at the same address, and the work is finished", async () => {
      const before = { ...vault.outputs };
      assert.deepEqual(await vault.diff(), { address: "update" });
      await vault.update();
      assert.deepEqual(vault.outputs, before);
      assert.deepEqual(await vault.diff(), {});
      await value.update({ data: secret({ password: FIRST }) });
      await eventually("the value", async () => (await secretValue(cluster, SYSTEM, "database-password")) === FIRST);
    });

    it("sealed, it is waited for and unsealed likewise", async () => {
      await restartSealed();
      await assert.rejects(access.update({ readPaths: ["fi-fhir/*"] }, { timeout: 1 }), /waited 1 s: it is sealed\./);
      assert.deepEqual(await vault.diff(), { address: "update" });
      await vault.update();
      await access.update();
    });

    it("a token that has ended is named as the reason at once", async () => {
      const start = Date.now();
      await assert.rejects(value.update({ token: secret("hvs.ended") }), /403.*The token is unknown, has ended/);
      assert.ok(Date.now() - start < 5000);
      await value.update();
    });

    it("a lost token of the administrator is made again with the unseal key", async () => {
      const ended = connection().token;
      await admin()
        .write("auth/token/revoke-self", {})
        .catch(() => undefined);
      rmSync(join(vaultDirectory, "access.json"));
      assert.deepEqual(await vault.diff(), { address: "update" });
      await vault.update();
      assert.notEqual(connection().token, ended);
      await access.update(connection());
      await value.update(connection());
    });

    it("an initialisation that was killed before the key was written starts over", async () => {
      const other = new DrivenResource(
        embeddedVaultHandler,
        { ...(await vault.check()), directory: "killed" },
        "killed",
      );
      const directory = join(root.path, "killed");
      await other.create();
      for (const file of ["access.json", "unseal-key.json", "reviewer.json"]) rmSync(join(directory, file));
      await other.create();
      assert.deepEqual(await other.diff(), {});
      await other.delete();
      assert.equal(existsSync(directory), false);
    });

    /** The server's own process ends and starts again without us: as after a restart of the machine by a service manager. */
    async function restartSealed(): Promise<void> {
      await killVault();
      const signal = new AbortController().signal;
      const client = await startVault(vaultLayout(vaultDirectory), {
        signal,
        timeoutSeconds: 20,
        status: () => undefined,
      });
      assert.equal((await client.health()).sealed, true);
    }
  });

  describe("what is left behind", () => {
    it("in the audit log: entries, but no value", () => {
      const log = readFileSync(join(vaultDirectory, "audit/audit.log"), "utf8");
      const entries = log
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line) as { request: { path: string } });
      assert.ok(entries.some(({ request }) => request.path === "secret/data/fi-fhir/database"));
      assert.ok(entries.some(({ request }) => request.path === "auth/kubernetes/login"));
      assert.match(log, /hmac-sha256:/);
      assertNoSecretIn(log, "the audit log");
    });

    it("in storage, logs and messages: no value, no key, no token", () => {
      for (const directory of ["storage", "logs", "config"]) {
        for (const file of filesBelow(join(vaultDirectory, directory)))
          assertNoSecretIn(readFileSync(file, "utf8"), file);
      }
      for (const file of filesBelow(join(controllerDirectory, "logs")))
        assertNoSecretIn(readFileSync(file, "utf8"), file);
      assertNoSecretIn([vault, access, value, controller].flatMap(({ messages }) => messages).join("\n"), "messages");
    });

    it("after delete: no role, no value, no process, no file", async () => {
      await access.delete();
      await value.delete();
      assert.equal(await admin().read(`auth/kubernetes/role/${SYSTEM}`), undefined);
      assert.equal(await admin().read(`sys/policies/acl/${SYSTEM}`), undefined);
      assert.equal(await admin().read("secret/metadata/fi-fhir/database"), undefined);
      await controller.delete();
      await vault.delete();
      for (const [directory, program] of [
        [vaultDirectory, "vault"],
        [controllerDirectory, "external-secrets"],
      ] as const) {
        assert.equal(existsSync(directory), false, directory);
        assert.deepEqual(findLeftovers(directory, [program]), []);
      }
      vault.state = {};
      controller.state = {};
    });

    function assertNoSecretIn(text: string, where: string): void {
      const keys = JSON.parse(readFileSync(join(vaultDirectory, "unseal-key.json"), "utf8")) as { unsealKey: string };
      for (const planted of [FIRST, SECOND, keys.unsealKey, connection().token]) {
        assert.ok(!text.includes(planted), `${where} holds a secret`);
      }
    }
  });
});

function filesBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
