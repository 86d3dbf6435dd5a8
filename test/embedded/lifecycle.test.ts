import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { AppsV1Api, CoreV1Api } from "@kubernetes/client-node";
import { eventually } from "../support/eventually";
import { LandingZone } from "../support/landingZone";

/** One landing zone, from nothing to nothing. The tests build on each other: the order is the story. */
describe("the landing zone on an embedded cluster", function () {
  this.timeout(300_000);
  let zone: LandingZone;
  let outputs = "";

  before(async () => {
    zone = await LandingZone.create({
      name: `lifecycle-${process.pid}`,
      configure: (config) => {
        const { fiFhir } = config["fhir-landing-zone:systems"] as { fiFhir: { secretRefresh?: string } };
        fiFhir.secretRefresh = "1m"; // the default of an hour would be a long test
      },
    });
  });
  after(() => zone.dispose());

  it("comes up with the policy pack, every workload available", async () => {
    const preview = await zone.engine.preview();
    const up = await zone.engine.up();
    outputs += preview.output + up.output;
    const api = zone.kubeConfig().makeApiClient(AppsV1Api);
    const deployments = (await api.listDeploymentForAllNamespaces()).items;
    const statefulSets = (await api.listStatefulSetForAllNamespaces()).items;
    assert.deepEqual(
      [...deployments, ...statefulSets].map(({ metadata, spec, status }) => [
        metadata?.name,
        status?.readyReplicas === spec?.replicas,
      ]),
      [
        ["fi-fhir", true],
        ["fi-fhir-database", true],
      ],
    );
  });

  it("changes nothing when it is brought up again", async () => {
    const { steps, output } = await zone.engine.up();
    outputs += output;
    assert.ok(steps.length > 100, `only ${steps.length} resources`);
    assert.deepEqual(
      steps.filter(([operation]) => operation !== "same"),
      [],
    );
  });

  it("is guarded by the API server too: it refuses a privileged pod in fi-fhir", async () => {
    const api = zone.kubeConfig().makeApiClient(CoreV1Api);
    const pod = {
      metadata: { name: "intruder" },
      spec: {
        containers: [{ name: "intruder", image: "example.com/intruder:1", securityContext: { privileged: true } }],
      },
    };
    await assert.rejects(
      api.createNamespacedPod({ namespace: "fi-fhir", body: pod }),
      (error: { code: number; body: string }) => {
        assert.equal(error.code, 403);
        assert.match(error.body, /violates PodSecurity \\"restricted:v1\.36\\".*privileged/);
        return true;
      },
    );
  });

  it("brings the secrets of Vault into the namespace", async () => {
    const data = await secretData(zone, "fi-fhir", "fi-fhir");
    assert.deepEqual(Object.keys(data).sort(), ["database-password", "encryption-key", "fhir-bearer-token"]);
    for (const value of Object.values(data)) assert.ok(value.length >= 32);
  });

  it("shows no secret in clear text: not in the state, not in previews, not in logs", async () => {
    const planted = [
      ...Object.values(await secretData(zone, "fi-fhir", "fi-fhir")),
      ...Object.values(await secretData(zone, "database", "fi-fhir-database")),
      ...(await privateFiles(zone.directory)),
    ];
    assert.ok(planted.length >= 8, `only ${planted.length} known secrets to search for`);
    const refreshed = await zone.engine.preview(["--diff", "--refresh"]);
    const searched = {
      state: await zone.engine.state(),
      output: outputs + refreshed.output,
      logs: await logs(zone.directory),
    };
    assert.ok(searched.logs.length > 1000 && searched.state.length > 1000);
    for (const [where, text] of Object.entries(searched)) {
      for (const secret of planted) {
        for (const form of [secret, Buffer.from(secret).toString("base64"), encodeURIComponent(secret)]) {
          assert.ok(!text.includes(form), `a secret of ${secret.length} characters is in the ${where} in clear text`);
        }
      }
    }
  });

  it("waits for a Vault that is stopped meanwhile, says so, and the next up finishes the work", async () => {
    const before = await secretData(zone, "fi-fhir", "fi-fhir");
    const rotate = ["--replace", "**random:index/randomBytes:RandomBytes::fi-fhir-fi-fhir-database-password"];
    const vault = (await zone.daemons()).filter(({ command }) => command.includes("/vault server"));
    assert.equal(vault.length, 1);
    const failed = await zone.upUntil(
      (events) => /"resOutputsEvent".*landingzone:embedded:Vault/.test(events),
      () => process.kill(vault[0]!.pid, "SIGKILL"),
      rotate,
    );
    outputs += failed.output;
    assert.notEqual(failed.exitCode, 0);
    assert.match(failed.output, /waiting for Vault at https:\/\/127\.0\.0\.1:\d+: .* \(\d+ s of 60 s\)/);
    assert.match(failed.output, /error: Vault at https:\/\/127\.0\.0\.1:\d+ can't be used, waited 60 s/);

    await zone.releaseLock();
    const { steps, output } = await zone.engine.up();
    outputs += output;
    assert.ok(steps.some(([operation, type]) => operation === "update" && type === "landingzone:embedded:Vault"));
    await eventually(async () => {
      const after = await secretData(zone, "fi-fhir", "fi-fhir");
      assert.notEqual(
        after["database-password"],
        before["database-password"],
        "the rotated password arrives in the namespace",
      );
      assert.equal(after["fhir-bearer-token"], before["fhir-bearer-token"], "the others stay");
    }, 90);
    const again = await zone.engine.up();
    assert.deepEqual(
      again.steps.filter(([operation]) => operation !== "same"),
      [],
    );
  });

  it("is destroyed without a trace: no object, no process, no file", async () => {
    const { steps } = await zone.engine.destroy();
    assert.ok(steps.every(([operation]) => operation === "delete"));
    const state = JSON.parse(await zone.engine.state()) as { deployment: { resources?: unknown[] } };
    assert.deepEqual(state.deployment.resources ?? [], []);
    assert.deepEqual(await zone.daemons(), []);
    assert.equal(existsSync(zone.directory), false);
  });
});

async function secretData(zone: LandingZone, namespace: string, name: string): Promise<Record<string, string>> {
  const api = zone.kubeConfig().makeApiClient(CoreV1Api);
  const { data = {} } = await api.readNamespacedSecret({ namespace, name });
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value, "base64").toString()]));
}

/** Key material in the cluster's own folder: private keys, Vault's unseal key, the keys of encryption at rest. */
async function privateFiles(directory: string): Promise<string[]> {
  const secrets: string[] = [];
  for (const file of await filesOf(directory)) {
    if (/\/(etcd|raft|storage|data)\//.test(file) || /\.(log|db|snap|wal|pid)$/.test(file)) continue;
    const text = await readFile(file, "utf8");
    const keys = text.matchAll(/-----BEGIN [A-Z ]*PRIVATE KEY-----\n([\s\S]+?)\n-----END/g);
    for (const [, body = ""] of keys) secrets.push(body.split("\n")[1] ?? body);
    const unseal = /"(?:unsealKey|unseal_key|key|token)":\s*"([^"]{20,})"/.exec(text)?.[1];
    if (unseal) secrets.push(unseal);
  }
  return secrets;
}

async function logs(directory: string): Promise<string> {
  const files = (await filesOf(directory)).filter((file) => file.endsWith(".log"));
  return (await Promise.all(files.map((file) => readFile(file, "utf8")))).join("\n");
}

async function filesOf(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
}
