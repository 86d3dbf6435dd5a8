import assert from "node:assert/strict";
import { stringify } from "yaml";
import { auditPolicy } from "../../../components/hardening/auditPolicy";
import { UNKNOWN, type JsonObject } from "../../../hermetic/protocol/values";
import { admissionConfiguration } from "../../../provider/cluster/admission";
import { daemons, PROGRAMS } from "../../../provider/cluster/daemons";
import { checkInputs, readInputs } from "../../../provider/cluster/inputs";
import { layoutOf } from "../../../provider/cluster/layout";

const policy = auditPolicy({ phiNamespaces: [] }) as unknown as JsonObject;

describe("inputs of the embedded cluster", () => {
  it("are completed with what is safe", () => {
    const { inputs, failures } = checkInputs({ name: "local", auditPolicy: stringify(policy) });
    assert.deepEqual(failures, []);
    assert.deepEqual(inputs, {
      name: "local",
      directory: ".landing-zone/clusters/local",
      kubernetesVersion: "1.36.3",
      nodes: { kind: "simulated", count: 3 },
      auditPolicy: policy,
      podSecurity: {
        enforce: "baseline",
        audit: "restricted",
        warn: "restricted",
        version: "v1.36",
        exemptNamespaces: ["kube-system"],
      },
      encryption: { resources: ["secrets"], generation: 1 },
    });
    assert.deepEqual(readInputs(inputs), inputs);
  });

  const wrong: [string, JsonObject, property: string, reason: RegExp][] = [
    ["a name", { name: "Not A Name" }, "name", /lower-case letters.*given was "Not A Name"/],
    ["a version with v", { kubernetesVersion: "v1.36.3" }, "kubernetesVersion", /without "v".*"v1\.36\.3"/],
    ["real nodes", { nodes: { kind: "real", count: 1 } }, "nodes.kind", /not available yet.*"real"/],
    ["no node", { nodes: { kind: "simulated", count: 0 } }, "nodes.count", /given was 0/],
    ["no audit policy", { auditPolicy: "just text" }, "auditPolicy", /audit\.k8s\.io\/v1 Policy/],
    [
      "an unknown level",
      { podSecurity: { enforce: "strict" } },
      "podSecurity.enforce",
      /"privileged"\|"baseline"\|"restricted".*"strict"/,
    ],
    [
      "a wildcard",
      { encryption: { resources: ["*.*"] } },
      "encryption.resources.0",
      /such as "secrets".*given was "\*\.\*"/,
    ],
    ["an unknown input", { nodeCount: 3 }, "cluster", /"nodeCount"/],
  ];
  for (const [what, change, property, reason] of wrong) {
    it(`refuse ${what}, saying what is allowed and what was given`, () => {
      const { failures } = checkInputs({ name: "local", auditPolicy: policy, ...change });
      assert.equal(failures.length, 1, JSON.stringify(failures));
      assert.equal(failures[0]?.property, property);
      assert.match(failures[0].reason, reason);
    });
  }

  it("wait for what is not known yet", () => {
    const given = { name: "local", auditPolicy: policy, kubernetesVersion: UNKNOWN };
    assert.deepEqual(checkInputs(given), { inputs: given, failures: [] });
  });
});

describe("programs of the embedded cluster", () => {
  const layout = layoutOf("/data");
  const ports = { apiServer: 1, etcd: 2, etcdPeer: 3, controllerManager: 4, scheduler: 5, kwok: 6 };
  const programs = Object.fromEntries(PROGRAMS.map((name) => [name, `/bin/${name}`])) as Record<
    (typeof PROGRAMS)[number],
    string
  >;
  const parts = daemons(layout, ports, "1.36.3", programs);

  it("listen on loopback only and hold no secret in their arguments", () => {
    for (const { name, args } of parts) {
      assert.ok(
        args.some((argument) => argument.includes("127.0.0.1")),
        name,
      );
      assert.equal(
        args.some((argument) => argument.includes("0.0.0.0")),
        false,
        name,
      );
    }
  });

  it("give the API server its audit policy, admission and encryption, and restart it when one changes", () => {
    const server = parts.find(({ name }) => name === "kube-apiserver");
    assert.ok(server);
    for (const file of [layout.auditPolicy, layout.admission, layout.encryption]) {
      assert.ok(
        server.args.some((argument) => argument.endsWith(`=${file}`)),
        file,
      );
      assert.ok(server.files?.includes(file), file);
    }
    assert.equal(server.files?.includes(layout.auditLog), false);
    assert.ok(server.args.includes("--anonymous-auth=false"));
    assert.ok(server.args.includes("--authorization-mode=Node,RBAC"));
  });

  it("pin the Pod Security version of each mode", () => {
    const { podSecurity } = readInputs(checkInputs({ name: "local", auditPolicy: policy }).inputs);
    const text = stringify(admissionConfiguration({ ...podSecurity, version: "v1.35" }));
    assert.match(
      text,
      /enforce: baseline\n\s+enforce-version: v1\.35\n\s+audit: restricted\n\s+audit-version: v1\.35\n\s+warn: restricted\n\s+warn-version: v1\.35/,
    );
  });
});
