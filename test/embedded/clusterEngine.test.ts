import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PROGRAMS } from "../../provider/cluster/daemons";
import { findDaemon, findLeftovers } from "../../provider/processes";
import { removeCluster } from "../../provider/cluster/cluster";
import { Engine, hermeticPlugins, REPOSITORY } from "../support/engine";

const CLUSTER = ["landingzone:embedded:Cluster", "local"] as const;
const NAMESPACE = ["kubernetes:core/v1:Namespace", "fi-fhir"] as const;

/** The component with the real engine and our plugins: from the first preview to destroy. */
describe("embedded cluster with the engine", function () {
  this.timeout(180_000);
  let engine: Engine;
  let directory: string;

  before(async () => {
    engine = await Engine.create({ pluginsDir: await hermeticPlugins("nodejs", "kubernetes", "landingzone") });
    directory = join(engine.directory, ".landing-zone/clusters/local");
    await engine.program(program(["fi-fhir"]));
  });
  after(async () => {
    await removeCluster(directory);
    const left = await engine.processes();
    await engine.dispose();
    assert.deepEqual(left, []);
  });

  const program = (phiNamespaces: string[], directory = ""): string => `
    import * as kubernetes from "@pulumi/kubernetes";
    import { EmbeddedCluster } from "${REPOSITORY}/components/cluster/embedded";
    const cluster = new EmbeddedCluster("local", {
      phiNamespaces: ${JSON.stringify(phiNamespaces)}, nodes: { kind: "simulated", count: 2 }, ${directory}
    });
    new kubernetes.core.v1.Namespace("fi-fhir", { metadata: { name: "fi-fhir" } }, { provider: cluster.provider });
    export const { kubeconfig, server, auditLog, nodeNames } = cluster;`;

  it("previews the cluster and what is on it before either exists", async () => {
    const { steps } = await engine.preview();
    assert.deepEqual(operations(steps, CLUSTER, NAMESPACE), ["create", "create"]);
    assert.equal(existsSync(directory), false);
  });

  it("creates both, shows its progress, and keeps the key out of output and state", async () => {
    const { steps, output, milliseconds } = await engine.up();
    console.log(`      up ${seconds(milliseconds)}`);
    assert.deepEqual(operations(steps, CLUSTER, NAMESPACE), ["create", "create"]);
    const outputs = await engine.outputs();
    assert.deepEqual(outputs.nodeNames, ["node-1", "node-2"]);
    assert.equal(outputs.auditLog, ".landing-zone/clusters/local/audit/audit.log");
    const key = readFileSync(join(directory, "pki/user-admin.key")).toString("base64");
    assert.ok(String(outputs.kubeconfig).includes(key));
    for (const text of [output, await engine.state()]) assert.equal(text.includes(key), false);
    assert.match(output, /kubeconfig *: \[secret\]/);
  });

  it("has nothing to do the second time, and after a refresh", async () => {
    const { milliseconds } = await engine.up(["--expect-no-changes"]);
    console.log(`      up ${seconds(milliseconds)}`);
    await engine.refresh(["--expect-no-changes"]);
  });

  it("restarts dead processes without touching what is on the cluster", async () => {
    for (const name of PROGRAMS) process.kill(findDaemon(directory, name)!.pid, "SIGKILL");
    const before = await engine.outputs();
    const preview = await engine.preview();
    assert.deepEqual(operations(preview.steps, CLUSTER, NAMESPACE), ["update", "same"]);
    const { steps, milliseconds } = await engine.up();
    console.log(`      preview ${seconds(preview.milliseconds)}, up ${seconds(milliseconds)}`);
    assert.deepEqual(operations(steps, CLUSTER, NAMESPACE), ["update", "same"]);
    assert.deepEqual(await engine.outputs(), before);
    await engine.up(["--expect-no-changes"]);
  });

  it("updates in place, and says at preview what is wrong with inputs", async () => {
    await engine.program(program(["fi-fhir", "open-emr"]));
    const { steps } = await engine.up();
    assert.deepEqual(operations(steps, CLUSTER, NAMESPACE), ["update", "same"]);
    await engine.program(program(["fi-fhir"], `encryption: { generation: 0 },`));
    const { output, exitCode } = await engine.preview([], { expect: "any" });
    assert.notEqual(exitCode, 0);
    assert.match(output, /encryption\.generation.*\(given was 0\)/s);
  });

  it("finishes what a killed engine began, and destroys everything", async () => {
    await engine.program(program(["fi-fhir"]));
    await engine.destroy();
    assert.equal(existsSync(directory), false);
    const up = engine.start(["up", "--yes", "--skip-preview", "--stack", engine.stack, "--non-interactive"]);
    while (!existsSync(join(directory, "pids/kube-apiserver.json")))
      await new Promise((resolve) => setTimeout(resolve, 20));
    up.kill("SIGKILL");
    await up;
    await engine.pulumi(["cancel", "--yes", "--stack", engine.stack]); // the lock of the killed engine
    const { steps } = await engine.up();
    assert.deepEqual(operations(steps, CLUSTER, NAMESPACE), ["create", "create"]);
    assert.equal(findLeftovers(directory, PROGRAMS).length, PROGRAMS.length);
    await engine.destroy();
    assert.deepEqual(findLeftovers(directory, PROGRAMS), []);
    assert.equal(existsSync(directory), false);
  });
});

function operations(
  steps: [string, string, string][],
  ...resources: (readonly [string, string])[]
): (string | undefined)[] {
  return resources.map(([type, name]) => steps.find((step) => step[1] === type && step[2] === name)?.[0]);
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
