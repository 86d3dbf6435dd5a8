import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { execFileSync } from "node:child_process";
import { parse } from "yaml";
import { findDaemon, findLeftovers, stopProcess } from "../../provider/processes";
import { send } from "../support/embeddedCluster";
import { Engine, hermeticPlugins, REPOSITORY } from "../support/engine";

const DIRECTORY = ".landing-zone/clusters/program";
const ROOM = JSON.stringify(join(REPOSITORY, "components"));
const CRDS = join(
  execFileSync("go", ["env", "GOMODCACHE"], { cwd: REPOSITORY, encoding: "utf8" }).trim(),
  "github.com/external-secrets/external-secrets@v0.20.4/deploy/crds/bundle.yaml",
);

/** The components of this room in a program, as a system uses them. */
const program = (value: string): string => `
  import * as kubernetes from "@pulumi/kubernetes";
  import * as pulumi from "@pulumi/pulumi";
  import { CustomResourceDefinitions } from ${ROOM.replace(/"$/, '/charts"')};
  import { EmbeddedCluster } from ${ROOM.replace(/"$/, '/cluster/embedded"')};
  import * as secrets from ${ROOM.replace(/"$/, '/secrets"')};

  const cluster = new EmbeddedCluster("program", { phiNamespaces: ["fi-fhir"] });
  const { provider } = cluster;
  const namespace = (name: string) => new kubernetes.core.v1.Namespace(name, { metadata: { name } }, { provider });
  const platform = namespace("platform-secrets");
  const system = namespace("fi-fhir");
  const account = new kubernetes.core.v1.ServiceAccount("fi-fhir",
    { metadata: { name: "fi-fhir", namespace: "fi-fhir" }, automountServiceAccountToken: false },
    { provider, dependsOn: [system] });
  const kinds = ["SecretStore", "ExternalSecret", "GeneratorState"];
  const definitions = new CustomResourceDefinitions("external-secrets",
    { source: ${JSON.stringify(CRDS)}, kinds }, { provider });

  const vault = new secrets.EmbeddedVault("vault",
    { cluster, directory: "${DIRECTORY}/vault", namespace: "platform-secrets" }, { dependsOn: [platform] });
  const controller = new secrets.EmbeddedExternalSecrets("external-secrets",
    { cluster, directory: "${DIRECTORY}/external-secrets", namespace: "platform-secrets" },
    { dependsOn: [platform, definitions] });
  const source = { ...vault.source, serve: (request) => controller.serve(request) };
  const { admin } = vault;
  const identity = { role: "fi-fhir", namespace: "fi-fhir", serviceAccount: "fi-fhir" };
  const access = new secrets.VaultAccess("access", { admin, source, ...identity, readPaths: ["fi-fhir/*"] });
  const value = new secrets.VaultSecret("value",
    { admin, source, path: "fi-fhir/database", data: { password: pulumi.secret("${value}") } });

  const store = new secrets.VaultSecretStore("store", { source, ...identity },
    { provider, dependsOn: [account, access, value] });
  new secrets.SyncedSecret("synced", {
    namespace: "fi-fhir", name: "fi-fhir-secrets", target: "fi-fhir", store: "vault-backend", refreshInterval: "2s",
    data: [{ secretKey: "database-password", remoteKey: "fi-fhir/database", property: "password" }],
  }, { provider, dependsOn: [store] });
  export const kubeconfig = cluster.kubeconfig;
  export const token = vault.admin.token;`;

describe("Vault and External Secrets in a program", function () {
  this.timeout(300_000); // many commands, on a machine that may be busy
  let engine: Engine;
  const directory = (): string => join(engine.directory, DIRECTORY);

  before(async () => {
    engine = await Engine.create({ pluginsDir: await hermeticPlugins() });
    await engine.program(program("planted-in-program-1"));
  });
  after(async () => {
    // Whatever a failed test left behind; each has its own folder.
    for (const name of ["external-secrets/fi-fhir", "vault", ""]) {
      for (const left of findLeftovers(join(directory(), name), [...PROGRAMS])) await stopProcess(left, 0);
    }
    await engine.dispose();
  });

  it("is previewed without touching anything, and without its secret", async () => {
    const preview = await engine.preview();
    assert.ok(preview.steps.every(([operation]) => operation === "create"));
    assert.equal(existsSync(directory()), false);
    assert.doesNotMatch(preview.output, /planted/);
  });

  it("comes up with the Secret in place", async () => {
    const up = await engine.up();
    assert.doesNotMatch(up.output, /planted/);
    // Finished means there: nothing is waited for here.
    assert.equal(await synced(), "planted-in-program-1");
  });

  it("leaves no secret in clear text in the state", async () => {
    const { token } = (await engine.outputs()) as { token: string };
    const state = await engine.state();
    assert.ok(token.startsWith("hvs.") && !state.includes(token));
    assert.doesNotMatch(state, /planted-in-program/);
  });

  it("has nothing to do a second time", async () => {
    await engine.up(["--expect-no-changes"]);
    await engine.refresh(["--expect-no-changes"]);
  });

  it("finishes what a dead Vault left undone: started and unsealed, then the new value", async () => {
    const process = findDaemon(join(directory(), "vault"), "vault");
    assert.ok(process);
    await stopProcess(process, 0);
    await engine.program(program("planted-in-program-2"));
    const { steps } = await engine.up();
    const changed = steps.filter(([operation]) => operation !== "same").map(([operation, , name]) => [operation, name]);
    assert.deepEqual(changed, [
      ["update", "vault"],
      ["update", "value"],
    ]);
    for (let attempt = 0; (await synced()) !== "planted-in-program-2"; attempt++) {
      assert.ok(attempt < 100, "the Secret follows");
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  });

  it("is destroyed without a Vault that works, and leaves nothing", async () => {
    const process = findDaemon(join(directory(), "vault"), "vault");
    assert.ok(process);
    await stopProcess(process, 0);
    await engine.destroy();
    assert.equal(existsSync(directory()), false);
    assert.deepEqual(findLeftovers(directory(), [...PROGRAMS]), []);
  });

  async function synced(): Promise<string | undefined> {
    const file = join(directory(), "kubeconfig/admin.yaml");
    const config = parse(readFileSync(file, "utf8")) as {
      clusters: [{ cluster: { server: string; "certificate-authority-data": string } }];
      users: [{ user: { "client-certificate-data": string; "client-key-data": string } }];
    };
    const [{ cluster }] = config.clusters;
    const [{ user }] = config.users;
    const text = (base64: string): string => Buffer.from(base64, "base64").toString();
    const tls = {
      ca: text(cluster["certificate-authority-data"]),
      cert: text(user["client-certificate-data"]),
      key: text(user["client-key-data"]),
    };
    const answer = await send(`${cluster.server}/api/v1/namespaces/fi-fhir/secrets/fi-fhir`, tls, "GET");
    if (answer.status !== 200) return undefined;
    return text(answer.json<{ data: Record<string, string> }>().data["database-password"] ?? "");
  }
});

const PROGRAMS = [
  "vault",
  "external-secrets",
  "etcd",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kwok",
] as const;
