import assert from "node:assert/strict";
import { Harness, UNKNOWN, type Manifest, type Resource, type Violation } from "./harness";
import { DIGEST, goodPod, typed, withField } from "./manifests";

async function judge(manifest: Manifest, config: Record<string, unknown> = {}): Promise<Violation[]> {
  return (await new Harness({ config }).resource(typed(manifest))).violations;
}

async function controls(manifest: Manifest, config?: Record<string, unknown>): Promise<string[]> {
  return (await judge(manifest, config)).map(({ control }) => control);
}

const namespaced = { name: "x", namespace: "fi-fhir" };

describe("policy pack: single objects", () => {
  describe("PSS-018 namespaces", () => {
    const labels = {
      "pod-security.kubernetes.io/enforce": "restricted",
      "pod-security.kubernetes.io/enforce-version": "v1.36",
      "pod-security.kubernetes.io/audit": "restricted",
      "pod-security.kubernetes.io/warn": "restricted",
    };
    const namespace = (changes: Manifest = {}): Manifest => ({
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: "fi-fhir", labels: { ...labels, ...changes } },
    });

    it("accepts the four labels", async () => {
      assert.deepEqual(await controls(namespace()), []);
    });
    for (const label of Object.keys(labels)) {
      for (const value of ["privileged", "baseline", "latest", "Restricted", "", UNKNOWN, undefined]) {
        it(`refuses ${label}: ${value === UNKNOWN ? "unknown" : String(value)}`, async () => {
          assert.deepEqual(await controls(namespace({ [label]: value })), ["PSS-018"]);
        });
      }
    }
    it("reports labels that are unknown as a whole once", async () => {
      const violations = await judge({ apiVersion: "v1", kind: "Namespace", metadata: { name: "x", labels: UNKNOWN } });
      assert.equal(violations.length, 1);
      assert.match(violations[0]?.message ?? "", /metadata\.labels is unknown/);
    });
    it("leaves the namespaces of the cluster alone", async () => {
      assert.deepEqual(await controls({ apiVersion: "v1", kind: "Namespace", metadata: { name: "kube-system" } }), []);
    });
  });

  describe("PSS-005 PersistentVolumes", () => {
    const volume = (spec: Manifest): Manifest => ({
      apiVersion: "v1",
      kind: "PersistentVolume",
      metadata: { name: "x" },
      spec,
    });
    it("refuses hostPath and accepts csi", async () => {
      assert.deepEqual(await controls(volume({ hostPath: { path: "/" } })), ["PSS-005"]);
      assert.deepEqual(await controls(volume({ hostPath: UNKNOWN })), ["PSS-005"]);
      assert.deepEqual(await controls(volume({ csi: { driver: "x" } })), []);
    });
  });

  describe("SEC-003 and SEC-004 Secrets", () => {
    const secret = (fields: Manifest): Manifest => ({
      apiVersion: "v1",
      kind: "Secret",
      metadata: namespaced,
      ...fields,
    });
    const literal = secret({ stringData: { password: "c4n4ry" } });

    it("advises in dev, refuses in prod, and never prints the value", async () => {
      for (const [stackKind, level] of [
        ["dev", "advisory"],
        ["prod", "mandatory"],
      ] as const) {
        const violations = await judge(literal, { stackKind });
        assert.deepEqual(
          violations.map((violation) => [violation.control, violation.level]),
          [["SEC-003", level]],
        );
        assert.match(violations[0]?.message ?? "", /stringData.*password/);
        assert.ok(!violations[0]?.message.includes("c4n4ry"));
      }
    });
    it("counts unknown data as written", async () => {
      assert.deepEqual(await controls(secret({ data: UNKNOWN })), ["SEC-003"]);
      assert.deepEqual(await controls(secret({ data: { a: UNKNOWN } })), ["SEC-003"]);
    });
    it("accepts Secrets that others fill", async () => {
      assert.deepEqual(await controls(secret({ type: "Opaque" })), []);
      assert.deepEqual(await controls(secret({ data: { "tls.crt": "" } })), []);
    });
    it("refuses token and basic-auth types, once", async () => {
      for (const type of ["kubernetes.io/service-account-token", "kubernetes.io/basic-auth"]) {
        assert.deepEqual(await controls(secret({ type, stringData: { a: "b" } })), ["SEC-004"]);
      }
      assert.deepEqual(await controls(secret({ type: UNKNOWN })), ["SEC-004"]);
    });
  });

  describe("SEC-002 ConfigMaps", () => {
    const map = (fields: Manifest): Manifest => ({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: namespaced,
      ...fields,
    });
    const bad: Manifest[] = [
      { data: { password: "hunter2" } },
      { data: { "app.properties": "db.user=x\ndb.password=hunter2\n" } },
      { data: { "app.yaml": "db:\n  password: hunter2\n" } },
      { data: { "app.json": '{"clientSecret": "hunter2"}' } },
      { data: { "app.json": '{"clientSecret":"hunter2"}' } },
      { data: { id_rsa: "-----BEGIN OPENSSH PRIVATE KEY-----\nabc" } },
      { binaryData: { x: Buffer.from("token=hunter2value").toString("base64") } },
      { data: UNKNOWN },
      { data: { "client-secret": UNKNOWN } },
    ];
    for (const fields of bad) {
      it(`refuses ${JSON.stringify(fields).slice(0, 60)}`, async () => {
        const violations = await judge(map(fields));
        assert.deepEqual(
          violations.map(({ control }) => control),
          ["SEC-002"],
        );
        assert.ok(!violations[0]?.message.includes("hunter2"));
      });
    }
    const good: Manifest[] = [
      {},
      { data: { "app.yaml": "log:\n  level: info\npasswordFile: /etc/x\nsecretName: y\ntokenUrl: https://x/token\n" } },
      { data: { "app.yaml": "password: ${DB_PASSWORD}\nother_password: $(X)\n" } },
      { data: { "app.properties": "max.tokens=4096\npassword.min.length=12\n" } },
      { data: { endpoint: UNKNOWN } },
      { data: { "ca.crt": "-----BEGIN CERTIFICATE-----\nabc" } },
    ];
    for (const fields of good) {
      it(`accepts ${JSON.stringify(fields).slice(0, 60)}`, async () => {
        assert.deepEqual(await controls(map(fields)), []);
      });
    }
  });

  describe("SA-002 and SA-003 ServiceAccounts", () => {
    const account = (fields: Manifest): Manifest => ({
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: namespaced,
      ...fields,
    });
    it("wants no token by default", async () => {
      assert.deepEqual(await controls(account({ automountServiceAccountToken: false })), []);
      for (const fields of [{}, { automountServiceAccountToken: true }, { automountServiceAccountToken: UNKNOWN }]) {
        assert.deepEqual(await controls(account(fields)), ["SA-002"]);
      }
    });
    it("refuses bindings to the default account", async () => {
      const binding = (name: string): Manifest => ({
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "RoleBinding",
        metadata: namespaced,
        subjects: [{ kind: "ServiceAccount", name, namespace: "fi-fhir" }],
      });
      assert.deepEqual(await controls(binding("default")), ["SA-003"]);
      assert.deepEqual(await controls(binding(UNKNOWN)), ["SA-003"]);
      assert.deepEqual(await controls(binding("api")), []);
    });
  });

  describe("NS-001 other objects", () => {
    it("refuses default and missing, for kinds that live in namespaces", async () => {
      const service: Manifest = { apiVersion: "v1", kind: "Service", metadata: { name: "x" } };
      assert.deepEqual(await controls(service), ["NS-001"]);
      assert.deepEqual(await controls({ ...service, metadata: namespaced }), []);
      assert.deepEqual(await controls({ ...service, kind: "PersistentVolume" }), []);
    });
    it("accepts what only takes rights away, and the binding that can be nowhere else", async () => {
      const inSystem = { name: "x", namespace: "kube-system" };
      const policy = {
        apiVersion: "networking.k8s.io/v1",
        kind: "NetworkPolicy",
        metadata: inSystem,
        spec: { podSelector: {} },
      };
      assert.deepEqual(await controls(policy), []);
      const binding = {
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "RoleBinding",
        metadata: inSystem,
        roleRef: { name: "extension-apiserver-authentication-reader" },
      };
      assert.deepEqual(await controls(binding), []);
      assert.deepEqual(await controls({ ...binding, roleRef: { name: "admin" } }), ["NS-001"]);
    });
    it("does not guess the scope of custom resources", async () => {
      const resource = { apiVersion: "external-secrets.io/v1", kind: "ClusterSecretStore", metadata: { name: "x" } };
      assert.deepEqual(await controls(resource), []);
      assert.deepEqual(
        await controls({ ...resource, kind: "SecretStore", metadata: { name: "x", namespace: "default" } }),
        ["NS-001"],
      );
    });
  });

  describe("NET-002 NetworkPolicies", () => {
    const policy = (spec: Manifest): Manifest => ({
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: namespaced,
      spec: { podSelector: {}, ...spec },
    });
    const block = (cidr: string, except?: string[]): Manifest => ({ ipBlock: { cidr, except } });
    const PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16"];
    const bad: Record<string, Manifest> = {
      "a rule without peers": { ingress: [{}] },
      "ports but no peers": { ingress: [{ ports: [{ port: 80 }] }] },
      "an empty list of peers": { egress: [{ to: [] }] },
      "all namespaces": { ingress: [{ from: [{ namespaceSelector: {} }] }] },
      "all pods of all namespaces": {
        ingress: [{ from: [{ namespaceSelector: {}, podSelector: { matchLabels: {} } }] }],
      },
      "all addresses": { egress: [{ to: [block("0.0.0.0/0")] }] },
      "all addresses of IPv6": { egress: [{ to: [block("::/0")] }] },
      "all addresses, written oddly": { egress: [{ to: [block("8.8.8.8/0")] }] },
      "all but one address": { egress: [{ to: [block("0.0.0.0/0", ["8.8.8.8/32"])] }] },
      "two halves": { egress: [{ to: [block("0.0.0.0/1"), block("128.0.0.0/1")] }] },
      "many small blocks": { egress: [{ to: Array.from({ length: 256 }, (_, n) => block(`${String(n)}.0.0.0/8`)) }] },
      "two rules that add up": {
        egress: Array.from({ length: 256 }, (_, n) => ({ to: [block(`${String(n)}.0.0.0/8`)] })),
      },
      "no CIDR": { egress: [{ to: [block("everywhere")] }] },
      "an unknown CIDR": { egress: [{ to: [block(UNKNOWN)] }] },
      "unknown peers": { ingress: [{ from: UNKNOWN }] },
      "unknown rules": { ingress: UNKNOWN },
    };
    for (const [name, spec] of Object.entries(bad)) {
      it(`refuses ${name}`, async () => {
        const found = await controls(policy(spec));
        assert.ok(found.length >= 1 && found.every((control) => control === "NET-002"), found.join());
        if (name !== "two halves") assert.equal(found.length, 1);
        assert.deepEqual(await controls({ ...policy(spec), apiVersion: "extensions/v1beta1" }), found);
      });
    }
    const good: Record<string, Manifest> = {
      "default deny": { policyTypes: ["Ingress", "Egress"] },
      "the own namespace": { ingress: [{ from: [{ podSelector: {} }] }] },
      "a namespace": { ingress: [{ from: [{ namespaceSelector: { matchLabels: { a: "b" } } }] }] },
      "one app in any namespace": {
        egress: [{ to: [{ namespaceSelector: {}, podSelector: { matchLabels: { a: "b" } } }] }],
      },
      "private networks": { egress: [{ to: [block("10.0.0.0/8"), block("172.16.0.0/12"), block("100.64.0.0/10")] }] },
      "the internet without private networks": { egress: [{ to: [block("0.0.0.0/0", PRIVATE)] }] },
    };
    for (const [name, spec] of Object.entries(good)) {
      it(`accepts ${name}`, async () => {
        assert.deepEqual(await controls(policy(spec)), []);
      });
    }
  });

  describe("OPQ-001 and OPQ-003 opaque objects", () => {
    it("refuses a Release", async () => {
      const { violations } = await new Harness().resource({
        type: "kubernetes:helm.sh/v3:Release",
        props: { chart: "x" },
      });
      assert.deepEqual(
        violations.map(({ control }) => control),
        ["OPQ-001"],
      );
    });
    it("refuses unknown kinds and unknown items", async () => {
      const list = (items: unknown): Resource => ({
        type: "kubernetes:core/v1:List",
        props: { apiVersion: "v1", kind: "List", items },
      });
      const cases: Resource[] = [
        { type: "kubernetes:apps/v1:Deployment", props: { apiVersion: "apps/v1", kind: UNKNOWN } },
        { type: "kubernetes:example.com/v1:Thing", props: { apiVersion: UNKNOWN, kind: "Thing" } },
        list(UNKNOWN),
        list([UNKNOWN]),
        list([{ apiVersion: "v1", kind: UNKNOWN }]),
      ];
      for (const resource of cases) {
        const { violations } = await new Harness({ only: ["OPQ-003"] }).resource(resource);
        assert.deepEqual(
          violations.map(({ control }) => control),
          ["OPQ-003"],
          JSON.stringify(resource),
        );
      }
      const known = await new Harness({ only: ["OPQ-003"] }).resource(list([goodPod()]));
      assert.deepEqual(known.violations, []);
    });
  });

  it("names the one item of a List that is at fault", async () => {
    const items = [goodPod(), withField(goodPod(), "spec.hostPID", true)];
    const { violations } = await new Harness().resource({
      type: "kubernetes:core/v1:PodList",
      props: { apiVersion: "v1", kind: "PodList", items },
    });
    assert.equal(violations.length, 1);
    assert.match(violations[0]?.message ?? "", /items\[1\]\.spec\.hostPID is true/);
  });

  it("knows an image by its digest alone", async () => {
    assert.deepEqual(await controls(withField(goodPod(), "spec.containers[0].image", `app@${DIGEST}`)), []);
  });
});
