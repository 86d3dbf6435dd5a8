import assert from "node:assert/strict";
import { Harness, UNKNOWN, type Manifest, type Violation } from "./harness";
import { DIGEST, everyShape, goodPod, typed, withField } from "./manifests";

/** One control: where its field is in the good pod, and what becomes of it. */
interface Case {
  control: string;
  field: string;
  bad: unknown;
  /** More values of the same field that must be caught. */
  alsoBad?: readonly unknown[];
  /** Values of the same field that must pass. */
  alsoGood?: readonly unknown[];
  /** Whether leaving the field out is a fault. */
  required: boolean;
  /** Other controls that read the field, and so report it when it is unknown. */
  unknownFor?: readonly string[];
  config?: Record<string, unknown>;
}

const CONTAINER = "spec.containers[0]";
const CONTEXT = `${CONTAINER}.securityContext`;
const POD = "spec.securityContext";
/** Controls that read whatever a volume is. */
const VOLUME_READERS = ["PSS-005", "PSS-014", "RES-002", "IMG-001", "IMG-002"];

const CASES: readonly Case[] = [
  {
    control: "PSS-001",
    field: "spec.hostNetwork",
    bad: true,
    alsoBad: ["true", 1],
    alsoGood: [false, null],
    required: false,
  },
  { control: "PSS-001", field: "spec.hostPID", bad: true, required: false },
  { control: "PSS-001", field: "spec.hostIPC", bad: true, required: false },
  {
    control: "PSS-002",
    field: `${CONTEXT}.privileged`,
    bad: true,
    alsoBad: ["true", "yes"],
    alsoGood: [false, null],
    required: false,
  },
  { control: "PSS-002", field: "spec.initContainers[0].securityContext.privileged", bad: true, required: false },
  {
    control: "PSS-003",
    field: `${CONTEXT}.capabilities.add`,
    bad: ["SYS_ADMIN"],
    alsoBad: [["ALL"], ["net_bind_service"], [null]],
    alsoGood: [["NET_BIND_SERVICE"], []],
    required: false,
    unknownFor: ["PSS-004"],
  },
  {
    control: "PSS-004",
    field: `${CONTEXT}.capabilities.add`,
    bad: ["CHOWN"],
    required: false,
    unknownFor: ["PSS-003"],
  },
  {
    control: "PSS-004",
    field: `${CONTEXT}.capabilities.drop`,
    bad: ["all"],
    alsoBad: [[], ["NET_RAW"]],
    required: true,
  },
  {
    control: "PSS-005",
    field: "spec.volumes[0]",
    bad: { name: "v", hostPath: { path: "/" } },
    alsoBad: [{ name: "v", hostPath: {} }],
    required: false,
    unknownFor: ["PSS-014", "RES-002", "IMG-001", "IMG-002"],
  },
  {
    control: "PSS-006",
    field: `${CONTAINER}.ports`,
    bad: [{ hostPort: 80 }],
    alsoBad: [[{ hostPort: "80" }]],
    alsoGood: [[{ hostPort: 0, containerPort: 8080 }]],
    required: false,
  },
  {
    control: "PSS-007",
    field: `${CONTAINER}.livenessProbe`,
    bad: { httpGet: { host: "10.0.0.1" } },
    alsoBad: [{ tcpSocket: { host: "x" } }],
    alsoGood: [{ httpGet: { host: "", path: "/" } }],
    required: false,
  },
  {
    control: "PSS-007",
    field: `${CONTAINER}.lifecycle`,
    bad: { preStop: { httpGet: { host: "169.254.169.254" } } },
    alsoBad: [{ postStart: { tcpSocket: { host: "x" } } }],
    required: false,
  },
  {
    control: "PSS-008",
    field: `${CONTEXT}.appArmorProfile`,
    bad: { type: "Unconfined" },
    alsoBad: [{}],
    alsoGood: [{ type: "RuntimeDefault" }, { type: "Localhost" }],
    required: false,
  },
  {
    control: "PSS-008",
    field: "metadata.annotations",
    bad: { "container.apparmor.security.beta.kubernetes.io/app": "unconfined" },
    alsoGood: [{ "container.apparmor.security.beta.kubernetes.io/app": "localhost/x" }],
    required: false,
  },
  {
    control: "PSS-009",
    field: `${POD}.seLinuxOptions`,
    bad: { type: "spc_t" },
    alsoBad: [{ user: "system_u" }, { role: "r" }],
    alsoGood: [{ type: "container_engine_t" }, { type: "" }],
    required: false,
  },
  {
    control: "PSS-010",
    field: `${CONTEXT}.procMount`,
    bad: "Unmasked",
    alsoBad: [""],
    alsoGood: ["Default"],
    required: false,
  },
  {
    control: "PSS-011",
    field: `${POD}.seccompProfile`,
    bad: { type: "Unconfined" },
    alsoBad: [{}, { type: "runtimeDefault" }],
    alsoGood: [{ type: "Localhost" }],
    required: true,
  },
  { control: "PSS-011", field: `${CONTEXT}.seccompProfile`, bad: { type: "Unconfined" }, required: false },
  {
    control: "PSS-012",
    field: `${POD}.sysctls`,
    bad: [{ name: "kernel.msgmax" }],
    alsoBad: [[{}]],
    alsoGood: [[{ name: "net.ipv4.tcp_rmem" }]],
    required: false,
  },
  { control: "PSS-013", field: `${POD}.windowsOptions`, bad: { hostProcess: true }, required: false },
  { control: "PSS-013", field: `${CONTEXT}.windowsOptions`, bad: { hostProcess: true }, required: false },
  {
    control: "PSS-014",
    field: "spec.volumes[0]",
    bad: { name: "v", nfs: { server: "x" } },
    alsoBad: [
      { name: "v", flexVolume: {} },
      { name: "v", brandNew: {} },
    ],
    alsoGood: [{ name: "v", csi: {} }],
    required: false,
    unknownFor: VOLUME_READERS,
  },
  { control: "PSS-015", field: `${CONTEXT}.allowPrivilegeEscalation`, bad: true, alsoBad: ["false"], required: true },
  { control: "PSS-016", field: `${POD}.runAsNonRoot`, bad: false, alsoBad: ["true"], required: true },
  { control: "PSS-016", field: `${CONTEXT}.runAsNonRoot`, bad: false, alsoGood: [true], required: false },
  { control: "PSS-017", field: `${POD}.runAsUser`, bad: 0, alsoBad: ["0"], alsoGood: [1], required: false },
  { control: "PSS-017", field: `${CONTEXT}.runAsUser`, bad: 0, required: false },
  {
    control: "IMG-001",
    field: `${CONTAINER}.image`,
    bad: `ghcr.io/acme/app:latest`,
    alsoBad: ["nginx", "localhost:5000/app", "", "a b@", "ghcr.io/acme/app:Latest"],
    alsoGood: [`app@${DIGEST}`, `ghcr.io/acme/app:latest@${DIGEST}`],
    required: true,
    unknownFor: ["IMG-002"],
    config: { stackKind: "dev" },
  },
  {
    control: "IMG-002",
    field: `${CONTAINER}.image`,
    bad: "ghcr.io/acme/app:1.2.3",
    required: false,
    unknownFor: ["IMG-001"],
  },
  {
    control: "IMG-003",
    field: `${CONTAINER}.image`,
    bad: `ghcr.io/acme-evil/app:1.2.3@${DIGEST}`,
    alsoBad: [`app:1@${DIGEST}`, `ghcr.io.evil.example/acme/app:1@${DIGEST}`, `ghcr.io/acme/../evil:1@${DIGEST}`],
    alsoGood: [`registry.k8s.io/pause:3@${DIGEST}`],
    required: false,
    unknownFor: ["IMG-001", "IMG-002"],
    config: { registries: ["ghcr.io/acme/", "registry.k8s.io"] },
  },
  {
    control: "RES-001",
    field: `${CONTAINER}.resources.limits.memory`,
    bad: "0",
    alsoBad: ["lots"],
    alsoGood: ["1Gi", 134217728, "1e9"],
    required: true,
  },
  {
    control: "RES-001",
    field: `${CONTAINER}.resources.requests.cpu`,
    bad: "0",
    alsoGood: [1, 0.5, "250m"],
    required: true,
  },
  { control: "RES-002", field: `${CONTAINER}.resources.limits.ephemeral-storage`, bad: "0", required: true },
  { control: "RES-002", field: "spec.volumes[0].emptyDir.sizeLimit", bad: 0, required: true },
  { control: "SA-001", field: "spec.automountServiceAccountToken", bad: true, alsoBad: ["false"], required: true },
  { control: "SA-003", field: "spec.serviceAccountName", bad: "default", alsoBad: [""], required: true },
  {
    control: "NS-001",
    field: "metadata.namespace",
    bad: "default",
    alsoBad: ["", "kube-system", "kube-public"],
    required: true,
  },
  {
    control: "SEC-001",
    field: `${CONTAINER}.env`,
    bad: [{ name: "A", valueFrom: { secretKeyRef: { name: "s", key: "k" } } }],
    alsoGood: [[{ name: "A", valueFrom: { configMapKeyRef: { name: "s", key: "k" } } }]],
    required: false,
    unknownFor: ["SEC-002"],
  },
  { control: "SEC-001", field: `${CONTAINER}.envFrom`, bad: [{ secretRef: { name: "s" } }], required: false },
  {
    control: "SEC-002",
    field: `${CONTAINER}.env`,
    bad: [{ name: "DB_PASSWORD", value: "hunter2" }],
    alsoBad: [
      [{ name: "PLAIN", value: "postgres://u:hunter2@db/x" }],
      [{ name: "apiKey", value: "hunter2" }],
      [{ name: "DB_PASSWORD", value: UNKNOWN }],
    ],
    alsoGood: [
      [{ name: "DB_PASSWORD", value: "$(FROM_ELSEWHERE)" }],
      [{ name: "DB_PASSWORD_FILE", value: "/var/run/secrets/db" }],
      [{ name: "TOKEN_TTL", value: "3600" }],
      [{ name: "HOST", value: UNKNOWN }],
      [{ name: "DB_PASSWORD", value: "" }],
    ],
    required: false,
    unknownFor: ["SEC-001"],
  },
  {
    control: "SEC-002",
    field: `${CONTAINER}.args`,
    bad: ["--password=hunter2"],
    alsoBad: [["--password", "hunter2"], ["-----BEGIN RSA PRIVATE KEY-----"], ["sh", "-c", "PGPASSWORD=hunter2 psql"]],
    alsoGood: [["--password-file=/etc/x"], ["--password=$(DB_PASSWORD)"], ["--max-tokens=5"]],
    required: false,
  },
];

const IN_PROD = { stackKind: "prod" };

async function judge(pod: Manifest, config: Record<string, unknown> = IN_PROD): Promise<Violation[]> {
  return (await new Harness({ config }).resource(typed(pod))).violations;
}

const controlsOf = (violations: readonly Violation[]): string[] => violations.map(({ control }) => control);

describe("policy pack: workloads", () => {
  for (const [shape, resource] of everyShape(goodPod())) {
    it(`is silent about a good pod as ${shape}`, async () => {
      const { violations } = await new Harness({ config: { registries: ["ghcr.io/acme"] } }).resource(resource);
      assert.deepEqual(violations, []);
    });
  }

  for (const { control, field, bad, alsoBad = [], alsoGood = [], required, unknownFor = [], config } of CASES) {
    describe(`${control} ${field}`, () => {
      const pod = goodPod();
      const last = field.replace(/^spec\.|^metadata\./, "");

      it("reports a bad value once, with its path, in every shape", async () => {
        for (const [shape, resource] of everyShape(withField(pod, field, bad))) {
          const { violations } = await new Harness({ config: config ?? IN_PROD }).resource(resource);
          const mandatory = violations.filter(
            ({ level }) => level === "mandatory" || control === violations[0]?.control,
          );
          assert.deepEqual(controlsOf(mandatory), [control], `${shape}: ${JSON.stringify(violations)}`);
          assert.match(mandatory[0]?.message ?? "", /Fix: \S/);
          assert.ok(mandatory[0]?.message.includes(last.split(".")[0] ?? ""), mandatory[0]?.message);
        }
      });

      it("catches every other bad value", async () => {
        for (const value of alsoBad) {
          const violations = await judge(withField(pod, field, value), config);
          assert.ok(
            controlsOf(violations).includes(control),
            `${JSON.stringify(value)}: ${JSON.stringify(violations)}`,
          );
        }
      });

      it("lets every good value pass", async () => {
        for (const value of alsoGood) {
          const violations = await judge(withField(pod, field, value), config);
          assert.ok(
            !controlsOf(violations).includes(control),
            `${JSON.stringify(value)}: ${JSON.stringify(violations)}`,
          );
        }
      });

      it(required ? "reports a missing field" : "lets the field be missing", async () => {
        const violations = await judge(withField(pod, field, undefined), config);
        assert.equal(controlsOf(violations).includes(control), required, JSON.stringify(violations));
      });

      it("fails closed on an unknown value and names it, in every shape", async () => {
        for (const [shape, resource] of everyShape(withField(pod, field, UNKNOWN))) {
          const { violations } = await new Harness({ config: config ?? IN_PROD }).resource(resource);
          const own = violations.filter((violation) => violation.control === control);
          const others = controlsOf(violations).filter((other) => other !== control && !unknownFor.includes(other));
          assert.equal(own.length, 1, `${shape}: ${JSON.stringify(violations)}`);
          assert.deepEqual(others, [], shape);
          assert.match(
            own[0]?.message ?? "",
            new RegExp(`${last.replace(/[[\].]/g, "\\$&")}\\S* is unknown at preview`),
          );
        }
      });

      it("is silent under an exemption, which then counts as used", async () => {
        const exemption = { control, namespace: "fi-fhir", owner: "me", reason: "a test", expires: "2026-12-31" };
        const other = { ...exemption, namespace: "another", resource: "subject" };
        const today = (): Date => new Date("2026-11-21T12:00:00Z");
        const isNamespace = control === "NS-001";
        const resource = typed(withField(pod, field, bad));
        const entries = isNamespace ? [{ ...exemption, namespace: "default" }] : [exemption];
        const covered = new Harness({ config: { ...config, exemptions: entries }, today });
        const { violations } = await covered.resource(resource);
        assert.ok(!controlsOf(violations).includes(control), JSON.stringify(violations));
        assert.deepEqual(
          (await covered.stack([])).map(({ control: id }) => id),
          ["EXC-003"],
        );
        const elsewhere = new Harness({ config: { ...config, exemptions: [other] }, today });
        assert.ok(controlsOf((await elsewhere.resource(resource)).violations).includes(control));
        assert.deepEqual(
          (await elsewhere.stack([])).map(({ control: id }) => id),
          ["EXC-002", "EXC-003"],
        );
      });
    });
  }

  it("says that a control does not apply to other kinds", async () => {
    const { violations, notApplicable } = await new Harness().resource({ type: "aws:s3/bucket:Bucket", props: {} });
    assert.deepEqual(violations, []);
    assert.ok(notApplicable.includes("PSS-002") && notApplicable.includes("SEC-003"));
  });

  it("reads ephemeral containers too", async () => {
    const pod = withField(goodPod(), "spec.ephemeralContainers", [
      { name: "debug", image: `a:1@${DIGEST}`, securityContext: { privileged: true } },
    ]);
    const violations = await judge(pod);
    assert.ok(
      violations.some(
        ({ control, message }) => control === "PSS-002" && message.includes('ephemeral container "debug"'),
      ),
    );
  });

  it("reports one unknown container without losing sight of the other", async () => {
    const pod = withField(
      withField(goodPod(), "spec.containers[0]", UNKNOWN),
      "spec.initContainers[0].securityContext.privileged",
      true,
    );
    const messages = (await judge(pod)).filter(({ control }) => control === "PSS-002").map(({ message }) => message);
    assert.equal(messages.length, 2);
    assert.ok(messages.some((message) => message.includes("spec.containers[0] is unknown")));
    assert.ok(
      messages.some((message) => message.includes("spec.initContainers[0].securityContext.privileged is true")),
    );
  });

  it("judges an object as both kinds when its type and its kind disagree", async () => {
    const pod = withField(goodPod(), "spec.hostPID", true);
    const { violations } = await new Harness().resource({ type: "kubernetes:core/v1:Service", props: pod });
    assert.deepEqual(controlsOf(violations), ["PSS-001"]);
  });

  it("reads images of image volumes", async () => {
    const violations = await judge(
      withField(goodPod(), "spec.volumes[0]", { name: "v", image: { reference: "evil" } }),
    );
    assert.ok(controlsOf(violations).includes("IMG-001"));
  });

  it("waives what a user namespace makes harmless, from 1.35 on", async () => {
    const pod = withField(withField(goodPod(), "spec.hostUsers", false), `${POD}.runAsNonRoot`, false);
    assert.deepEqual(controlsOf(await judge(pod, { podSecurityVersion: "1.34" })), ["PSS-016"]);
    assert.deepEqual(controlsOf(await judge(pod, { podSecurityVersion: "1.35" })), []);
    assert.deepEqual(controlsOf(await judge(withField(pod, "spec.hostUsers", UNKNOWN))), ["PSS-016"]);
  });

  it("only advises digests in dev", async () => {
    const pod = withField(goodPod(), `${CONTAINER}.image`, "ghcr.io/acme/app:1.2.3");
    const levels = async (stackKind: string): Promise<string[]> =>
      (await judge(pod, { stackKind })).map(({ level }) => level);
    assert.deepEqual(await levels("dev"), ["advisory"]);
    assert.deepEqual(await levels("prod"), ["mandatory"]);
    assert.deepEqual(await levels("production"), ["mandatory"]);
  });

  it("takes the namespace of the provider", async () => {
    const pod = withField(goodPod(), "metadata.namespace", undefined);
    const run = async (provider: Manifest): Promise<Violation[]> =>
      (await new Harness().resource({ ...typed(pod), provider })).violations;
    assert.deepEqual(await run({ namespace: "fi-fhir", kubeconfig: UNKNOWN }), []);
    assert.deepEqual(controlsOf(await run({ kubeconfig: UNKNOWN })), ["NS-001"]);
    assert.match((await run({ namespace: UNKNOWN }))[0]?.message ?? "", /provider.namespace is unknown/);
  });

  it("finds pod templates at configured paths, and reports them when they are unknown", async () => {
    const config = { podTemplatePaths: { "example.com/Fleet": ["spec.pod"] } };
    const fleet = (pod: unknown): Manifest => ({
      apiVersion: "example.com/v1",
      kind: "Fleet",
      metadata: { namespace: "x" },
      spec: { pod },
    });
    assert.ok(controlsOf(await judge(fleet({ spec: { hostPID: true, containers: [] } }), config)).includes("PSS-001"));
    assert.ok(controlsOf(await judge(fleet(UNKNOWN), config)).includes("PSS-001"));
  });

  it("never prints a credential", async () => {
    const canary = "c4n4ry-v4lue";
    const fields = ["env", "args", "command"].map((key) => `${CONTAINER}.${key}`);
    for (const field of fields) {
      const value = field.endsWith("env") ? [{ name: "PASSWORD", value: canary }] : [`--password=${canary}`];
      for (const { message } of await judge(withField(goodPod(), field, value)))
        assert.ok(!message.includes(canary), message);
    }
  });
});
