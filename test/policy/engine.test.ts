import assert from "node:assert/strict";
import { cp, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Engine, hermeticPlugins, REPOSITORY } from "../support/engine";

const SOURCE = path.join(REPOSITORY, "policy-pack");

/** A program whose cluster does not exist yet: the kubeconfig comes out of another resource. */
const program = (workload: string): string => `
import * as k8s from "@pulumi/kubernetes";
import * as random from "@pulumi/random";
const later = new random.RandomPassword("later", { length: 32 });
const provider = new k8s.Provider("cluster", { kubeconfig: later.result });
const opts = { provider };
const namespace = "fi-fhir";
new k8s.core.v1.Namespace(namespace, { metadata: { name: namespace, labels: {
  "pod-security.kubernetes.io/enforce": "restricted", "pod-security.kubernetes.io/enforce-version": "v1.36",
  "pod-security.kubernetes.io/audit": "restricted", "pod-security.kubernetes.io/warn": "restricted",
} } }, opts);
new k8s.networking.v1.NetworkPolicy("deny", { metadata: { name: "deny", namespace },
  spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] } }, opts);
const container: any = {
  name: "app", image: "ghcr.io/acme/app:1.0.0@sha256:${"ab".repeat(32)}",
  securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
  resources: { requests: { cpu: "1m", memory: "1Mi" }, limits: { memory: "2Mi", "ephemeral-storage": "1Mi" } },
};
const spec: any = { serviceAccountName: "api", automountServiceAccountToken: false,
  securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } }, containers: [container] };
${workload}
const labels = { app: "api" };
new k8s.apps.v1.Deployment("api", { metadata: { name: "api", namespace },
  spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec } } }, opts);
`;

/** Exit code of the CLI when policies refuse. */
const REFUSED = 1;

interface Mistake {
  code: string;
  control: string;
  field: string;
  fix: RegExp;
}

const FIELD = "spec.template.spec";
const MISTAKES: Record<string, Mistake> = {
  "privileged: true": {
    code: "container.securityContext.privileged = true;",
    control: "PSS-002",
    field: `${FIELD}.containers[0].securityContext.privileged is true`,
    fix: /remove privileged/,
  },
  "a hostPath": {
    code: 'spec.volumes = [{ name: "host", hostPath: { path: "/" } }];',
    control: "PSS-005",
    field: `${FIELD}.volumes[0].hostPath`,
    fix: /emptyDir/,
  },
  "a latest tag": {
    code: 'container.image = "ghcr.io/acme/app:latest";',
    control: "IMG-001",
    field: `${FIELD}.containers[0].image`,
    fix: /name the version/,
  },
  "an unknown security field": {
    code: "spec.hostPID = later.result.apply((text) => text.length > 99);",
    control: "PSS-001",
    field: `${FIELD}.hostPID is unknown at preview`,
    fix: /literal value/,
  },
  "a plain-text password": {
    code: 'container.env = [{ name: "DB_PASSWORD", value: "c4n4ry-hunter2" }];',
    control: "SEC-002",
    field: `${FIELD}.containers[0].env[0].value`,
    fix: /Vault/,
  },
};

describe("policy pack on the real engine", function () {
  this.timeout(300_000);
  let engine: Engine;
  let pack: string;

  before(async () => {
    const { buildPolicyPack } = await import("../../policy-pack/build.mjs");
    // A folder of its own, as for somebody who installed the package.
    pack = await mkdtemp(path.join(tmpdir(), "policy-pack-"));
    for (const file of ["PulumiPolicy.yaml", "package.json"]) await cp(path.join(SOURCE, file), path.join(pack, file));
    await symlink(path.join(REPOSITORY, "node_modules"), path.join(pack, "node_modules"));
    await buildPolicyPack(path.join(pack, "bin", "index.js"));
    engine = await Engine.create({ pluginsDir: await hermeticPlugins("nodejs", "random", "kubernetes") });
  });

  after(async () => {
    await engine.dispose();
    await rm(pack, { recursive: true, force: true });
  });

  async function preview(workload: string, expect: number): Promise<string> {
    await engine.program(program(workload));
    const { output } = await engine.preview(["--policy-pack", pack], { expect });
    return output;
  }

  it("lets a good program pass without a word, though its cluster does not exist yet", async () => {
    const output = await preview("", 0);
    assert.doesNotMatch(output, /\[(mandatory|advisory)\]/);
  });

  for (const [name, { code, control, field, fix }] of Object.entries(MISTAKES)) {
    it(`stops ${name} at preview, naming control, resource, field and fix`, async () => {
      const output = await preview(code, REFUSED);
      assert.match(output, new RegExp(`\\[mandatory\\].* ${control} `));
      assert.match(output, /Deployment: api|Deployment.*api/);
      assert.ok(output.includes(field), output);
      assert.match(output, fix);
      assert.ok(!output.includes("c4n4ry"), "the password is printed");
      assert.equal(output.match(/\[mandatory\]/g)?.length, 1, output);
    });
  }

  it("fails on an expired exemption, passes with one in date and lists it", async () => {
    const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
    const exempt = async (expires: string): Promise<void> => {
      const fields = { control: "PSS-002", resource: "api", owner: "me@example.org", reason: "a test", expires };
      for (const [key, value] of Object.entries(fields)) {
        await engine.pulumi(["config", "set", "--path", `policy:exemptions[0].${key}`, value, "--stack", engine.stack]);
      }
    };
    const mistake = "container.securityContext.privileged = true;";
    await exempt(inDays(-1));
    const expired = await preview(mistake, REFUSED);
    assert.match(expired, /EXC-001[\s\S]*for PSS-002 expired on/);
    assert.match(expired, /\[mandatory\].* PSS-002 /);
    await exempt(inDays(30));
    const inDate = await preview(mistake, 0);
    assert.match(inDate, /PSS-002 for resource api, owner me@example\.org, until .*, covers 1 resource: a test/);
    const unused = await preview("", REFUSED);
    assert.match(unused, /EXC-002[\s\S]*covers nothing in this stack/);
    await engine.pulumi(["config", "rm", "policy:exemptions", "--stack", engine.stack]);
  });

  it("reads the kind of the stack: a tag without digest is advice on dev and stops prod", async () => {
    const mistake = 'container.image = "ghcr.io/acme/app:1.0.0";';
    await engine.config("policy:stackKind", "dev");
    assert.match(await preview(mistake, 0), /\[advisory\].* IMG-002 /);
    await engine.config("policy:stackKind", "prod");
    assert.match(await preview(mistake, REFUSED), /\[mandatory\].* IMG-002 /);
  });

  it("applies nothing when it refuses", async () => {
    await engine.program(program("spec.hostPID = true;"));
    const { output } = await engine.operation("up", ["--yes", "--policy-pack", pack], { expect: REFUSED });
    assert.match(output, /PSS-001/);
    assert.ok(!(await engine.state()).includes("Deployment"));
  });

  it("analyzes an exported state without program, provider or cluster", async () => {
    const urn = (type: string, name: string): string => `urn:pulumi:prod::shop::${type}::${name}`;
    const pod = {
      urn: urn("kubernetes:core/v1:Pod", "bare"),
      custom: true,
      id: "x",
      type: "kubernetes:core/v1:Pod",
      inputs: {
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: "bare", namespace: "shop" },
        spec: { hostNetwork: true, containers: [] },
      },
      outputs: {},
    };
    const state = {
      version: 3,
      deployment: { manifest: { time: "2026-01-01T00:00:00Z", magic: "", version: "" }, resources: [pod] },
    };
    await engine.write("state.json", JSON.stringify(state));
    const { output } = await engine.pulumi(["policy", "analyze", "--policy-pack", pack, "--file", "state.json"], {
      expect: REFUSED,
    });
    assert.match(output, /PSS-001[\s\S]*spec\.hostNetwork is true/);
    assert.match(output, /NET-001/);
  });
});
