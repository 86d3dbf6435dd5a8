import assert from "node:assert/strict";
import { Harness, UNKNOWN, type Manifest, type Resource, type Violation } from "./harness";
import { goodPod, typed, withField } from "./manifests";

const deny = (fields: Manifest = {}, namespace = "fi-fhir"): Resource =>
  typed({
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: "deny", namespace },
    spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"], ...fields },
  });
const namespace: Resource = {
  ...typed({ apiVersion: "v1", kind: "Namespace", metadata: { name: "fi-fhir" } }),
  name: "ns",
};
const pod: Resource = { ...typed(goodPod()), name: "pod" };
const cilium = (kind: string, spec: Manifest, metadata: Manifest = { name: "x", namespace: "fi-fhir" }): Resource =>
  typed({ apiVersion: "cilium.io/v2", kind, metadata, spec });

async function judge(resources: readonly Resource[], only = ["NET-001", "OPQ-002"]): Promise<Violation[]> {
  return new Harness({ only }).stack(resources);
}

describe("policy pack: stacks", () => {
  const isolated: Record<string, Resource[]> = {
    "one policy for both directions": [deny()],
    "a policy per direction": [deny({ policyTypes: ["Ingress"] }), deny({ policyTypes: ["Egress"], egress: [] })],
    "policyTypes left out": [deny({ policyTypes: undefined }), deny({ policyTypes: ["Egress"] })],
    "rules that let somebody in": [deny({ ingress: [{ from: [{ podSelector: {} }] }] })],
    "a NetworkPolicyPatch": [{ ...deny(), type: "kubernetes:networking.k8s.io/v1:NetworkPolicyPatch" }],
    "a policy in a List": [
      { type: "kubernetes:core/v1:List", props: { apiVersion: "v1", kind: "List", items: [deny().props] } },
    ],
    Cilium: [cilium("CiliumNetworkPolicy", { endpointSelector: {}, ingress: [{}], egress: [{}] })],
    "Cilium, clusterwide": [
      cilium("CiliumClusterwideNetworkPolicy", { endpointSelector: {}, ingress: [{}], egress: [{}] }, { name: "x" }),
    ],
    "Cilium, clusterwide but for system namespaces": [
      cilium(
        "CiliumClusterwideNetworkPolicy",
        {
          endpointSelector: {
            matchExpressions: [{ key: "k8s:io.kubernetes.pod.namespace", operator: "NotIn", values: ["kube-system"] }],
          },
          ingress: [{}],
          egress: [{}],
        },
        { name: "x" },
      ),
    ],
  };
  for (const [name, policies] of Object.entries(isolated)) {
    it(`NET-001 accepts ${name}`, async () => {
      assert.deepEqual(await judge([namespace, pod, ...policies]), []);
    });
  }

  const open: Record<string, Resource[]> = {
    "no policy": [],
    "a policy of another namespace": [deny({}, "other")],
    "ingress only": [deny({ policyTypes: ["Ingress"] })],
    "some pods only": [deny({ podSelector: { matchLabels: { a: "b" } } })],
    "everybody allowed": [deny({ ingress: [{}], egress: [{}] })],
    "an unknown selector": [deny({ podSelector: UNKNOWN })],
    "unknown rules": [deny({ ingress: UNKNOWN, egress: UNKNOWN })],
    "an unknown namespace of the policy": [deny({}, UNKNOWN)],
    "Cilium without rules": [cilium("CiliumNetworkPolicy", { endpointSelector: {} })],
    "Cilium without default deny": [
      cilium("CiliumNetworkPolicy", {
        endpointSelector: {},
        ingress: [{}],
        egress: [{}],
        enableDefaultDeny: { ingress: false, egress: false },
      }),
    ],
    "Cilium with everybody allowed": [
      cilium("CiliumNetworkPolicy", {
        endpointSelector: {},
        ingress: [{ fromEntities: ["all"] }],
        egress: [{ toEntities: ["all"] }],
      }),
    ],
  };
  for (const [name, policies] of Object.entries(open)) {
    it(`NET-001 reports ${name}, once, at the namespace`, async () => {
      const violations = await judge([pod, namespace, ...policies]);
      assert.deepEqual(
        violations.map(({ control, level }) => [control, level]),
        [["NET-001", "mandatory"]],
      );
      assert.match(violations[0]?.urn ?? "", /Namespace::ns$/);
      assert.match(violations[0]?.message ?? "", /namespace fi-fhir has no policy/);
    });
  }

  it("NET-001 judges what was asked for, where the stack shows empty outputs", async () => {
    const harness = new Harness({ only: ["NET-001", "PSS-001"] });
    const stack = [pod, { ...namespace, name: "ns" }, { ...deny(), name: "deny" }];
    for (const resource of stack) await harness.resource(resource);
    assert.deepEqual(await harness.stack(stack.map((resource) => ({ ...resource, props: {} }))), []);
    const withoutPolicy = await harness.stack(stack.slice(0, 2).map((resource) => ({ ...resource, props: {} })));
    assert.match(withoutPolicy[0]?.message ?? "", /namespace fi-fhir has no policy/);
  });

  it("NET-001 reports at the workload where the stack does not create the namespace", async () => {
    const violations = await judge([pod]);
    assert.deepEqual(
      violations.map(({ urn }) => urn.endsWith("::pod")),
      [true],
    );
  });

  it("NET-001 fails closed where the namespace of a workload is unknown", async () => {
    const unknown = { ...pod, props: withField(goodPod(), "metadata.namespace", UNKNOWN) };
    const violations = await judge([unknown, deny()]);
    assert.match(violations[0]?.message ?? "", /metadata\.namespace is unknown at preview/);
  });

  it("NET-001 leaves the namespaces of the cluster alone", async () => {
    const system = { ...pod, props: withField(goodPod(), "metadata.namespace", "kube-system") };
    assert.deepEqual(await judge([system]), []);
  });

  for (const type of [
    "helm.sh/v3:Chart",
    "helm.sh/v4:Chart",
    "yaml:ConfigGroup",
    "yaml/v2:ConfigGroup",
    "yaml/v2:ConfigFile",
    "kustomize/v2:Directory",
  ]) {
    it(`OPQ-002 refuses ${type} without children and accepts it with some`, async () => {
      const installer = { type: `kubernetes:${type}`, name: "chart", props: {} };
      const nested = { type: "kubernetes:yaml:ConfigFile", name: "file", props: {}, parent: "chart" };
      const child = { ...deny(), name: "child", parent: "file" };
      assert.deepEqual(
        (await judge([installer])).map(({ control }) => control),
        ["OPQ-002"],
      );
      assert.deepEqual(
        (await judge([installer, nested])).map(({ control }) => control),
        ["OPQ-002", "OPQ-002"],
      );
      assert.deepEqual(await judge([installer, nested, child]), []);
    });
  }

  describe("exemptions and settings", () => {
    const today = (): Date => new Date("2026-11-21T12:00:00Z");
    const good = { control: "PSS-001", resource: "pod", owner: "a@b.c", reason: "because", expires: "2026-12-31" };
    const bad: Resource = { ...pod, props: withField(goodPod(), "spec.hostPID", true) };
    const run = (config: Record<string, unknown>, resources = [bad, deny()]): Promise<Violation[]> =>
      new Harness({ config, today }).preview(resources);

    it("lists an exemption in force with owner, expiry, reason and reach", async () => {
      const violations = await run({ exemptions: [good] });
      assert.deepEqual(
        violations.map(({ control, level }) => [control, level]),
        [["EXC-003", "advisory"]],
      );
      assert.match(
        violations[0]?.message ?? "",
        /PSS-001 for resource pod, owner a@b\.c, until 2026-12-31, covers 1 resource: because/,
      );
    });

    const rejected: Record<string, unknown> = {
      expired: { ...good, expires: "2026-11-20" },
      "too long": { ...good, expires: "2027-05-21" },
      "no date": { ...good, expires: "next year" },
      "an impossible date": { ...good, expires: "2026-11-31" },
      "no owner": { ...good, owner: undefined },
      "an empty reason": { ...good, reason: " " },
      "no selector": { ...good, resource: undefined },
      "a selector for everything": { ...good, resource: "**" },
      "an unknown control": { ...good, control: "PSS-*" },
      "a control about exemptions": { ...good, control: "EXC-001" },
      "an unknown field": { ...good, Owner: "x" },
      "no object": "PSS-001",
    };
    for (const [name, entry] of Object.entries(rejected)) {
      it(`refuses an exemption with ${name}, and the violation stands`, async () => {
        const violations = await run({ exemptions: [entry] });
        assert.deepEqual(
          violations.map(({ control, level }) => [control, level]),
          [
            ["PSS-001", "mandatory"],
            ["EXC-001", "mandatory"],
          ],
        );
      });
    }

    it("holds on its last day, and for 180 days at most", async () => {
      for (const expires of ["2026-11-21", "2027-05-20", "2027-01-31 00:00:00 +0000 UTC"]) {
        assert.deepEqual(
          (await run({ exemptions: [{ ...good, expires }] })).map(({ control }) => control),
          ["EXC-003"],
        );
      }
    });

    it("matches by URN, by name of the object and by namespace, with *", async () => {
      const selectors = [
        { resource: "*core/v1:Pod::pod" },
        { resource: "*:Pod::po*" },
        { resource: "api" },
        { resource: undefined, namespace: "fi-*" },
      ];
      for (const selector of selectors) {
        const violations = await run({ exemptions: [{ ...good, ...selector }] });
        assert.deepEqual(
          violations.map(({ control }) => control),
          ["EXC-003"],
          JSON.stringify(selector),
        );
      }
    });

    it("does not match a namespace that is unknown", async () => {
      const props = withField(withField(goodPod(), "spec.hostPID", true), "metadata.namespace", UNKNOWN);
      const { violations } = await new Harness({
        config: { exemptions: [{ ...good, resource: undefined, namespace: "*i" }] },
        today,
      }).resource({ ...pod, props });
      assert.ok(violations.some(({ control }) => control === "PSS-001"));
    });

    it("covers stack policies too", async () => {
      const exemption = { ...good, control: "NET-001", resource: undefined, namespace: "fi-fhir" };
      assert.deepEqual(
        (await run({ exemptions: [exemption] }, [pod])).map(({ control }) => control),
        ["EXC-003"],
      );
    });

    it("reports an exemption that covers nothing", async () => {
      const violations = await run({ exemptions: [{ ...good, resource: "nobody" }] });
      assert.deepEqual(
        violations.map(({ control }) => control),
        ["PSS-001", "EXC-002", "EXC-003"],
      );
    });

    const settings: Record<string, Record<string, unknown>> = {
      "an unknown kind of stack": { stackKind: "Prod" },
      "an unknown version": { podSecurityVersion: "1.99" },
      "a version before 1.25": { podSecurityVersion: "1.24" },
      "a misspelt setting": { exemption: [good] },
      "registries that are no list": { registries: "ghcr.io" },
      "a registry with a wildcard": { registries: ["*"] },
      "paths that are no paths": { podTemplatePaths: ["x"] },
      "exemptions that are no JSON": { exemptions: "[" },
    };
    for (const [name, config] of Object.entries(settings)) {
      it(`CFG-001 reports ${name}`, async () => {
        const violations = await new Harness({ config, today }).stack([]);
        assert.deepEqual(
          violations.map(({ control, level }) => [control, level]),
          [["CFG-001", "mandatory"]],
          JSON.stringify(violations),
        );
      });
    }
  });
});
