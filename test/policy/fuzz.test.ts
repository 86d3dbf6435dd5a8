import assert from "node:assert/strict";
import fc from "fast-check";
import { hostNamespaces } from "../../policy-pack/controls/podSecurity";
import { Exemptions } from "../../policy-pack/lib/exemptions";
import { podRule, type Rule, type Run } from "../../policy-pack/lib/rule";
import { parseSettings } from "../../policy-pack/lib/settings";
import { Harness, UNKNOWN, type Manifest, type Resource } from "./harness";
import { goodPod, typed, withField, WRAPPERS, wrapped } from "./manifests";

/** Cases per property; `FUZZ_RUNS=10000 npx mocha test/policy/fuzz.test.ts` for a long night. */
const RUNS = Number(process.env.FUZZ_RUNS ?? 400);

const HOSTILE_KEYS = [
  "constructor",
  "__proto__",
  "toString",
  "length",
  "prototype",
  "items",
  "kind",
  "",
  "0",
  "spec",
  "template",
];

/** Anything that can arrive in a property, and nothing that any schema would allow. */
const hostile: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, true, false, "", "0", "true", UNKNOWN, 0, -1, 1e308, "\u0000", "a".repeat(2000)),
    fc.string(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.oneof(fc.constantFrom(...HOSTILE_KEYS), fc.string({ maxLength: 8 })), tie("value"), {
      maxKeys: 4,
    }),
  ),
})).value;

/** Every field that a rule reads in a pod. */
const FIELDS = [
  "metadata",
  "metadata.annotations",
  "metadata.namespace",
  "metadata.labels",
  "spec",
  "spec.hostNetwork",
  "spec.hostUsers",
  "spec.os",
  "spec.securityContext",
  "spec.securityContext.seccompProfile",
  "spec.securityContext.sysctls",
  "spec.serviceAccountName",
  "spec.volumes",
  "spec.volumes[0]",
  "spec.containers",
  "spec.containers[0]",
  "spec.containers[0].image",
  "spec.containers[0].env",
  "spec.containers[0].args",
  "spec.containers[0].ports",
  "spec.containers[0].resources",
  "spec.containers[0].livenessProbe",
  "spec.containers[0].lifecycle",
  "spec.containers[0].securityContext",
  "spec.containers[0].securityContext.capabilities",
  "spec.ephemeralContainers",
];

const pods: fc.Arbitrary<Resource> = fc
  .record({
    changes: fc.array(fc.tuple(fc.constantFrom(...FIELDS), hostile), { minLength: 1, maxLength: 3 }),
    wrapper: fc.option(fc.constantFrom(...WRAPPERS)),
    suffix: fc.constantFrom("", "Patch"),
  })
  .map(({ changes, wrapper, suffix }) => {
    let pod = goodPod();
    for (const [field, value] of changes) pod = safely(() => withField(pod, field, value), pod);
    return typed(wrapper ? safely(() => wrapped(pod, wrapper), pod) : pod, suffix);
  });

const KINDS = [
  "kubernetes:core/v1:Namespace",
  "kubernetes:core/v1:Secret",
  "kubernetes:core/v1:ConfigMap",
  "kubernetes:core/v1:ServiceAccount",
  "kubernetes:core/v1:PersistentVolume",
  "kubernetes:core/v1:List",
  "kubernetes:networking.k8s.io/v1:NetworkPolicy",
  "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding",
  "kubernetes:cilium.io/v2:CiliumNetworkPolicy",
  "kubernetes:cilium.io/v2:CiliumClusterwideNetworkPolicy",
  "kubernetes:helm.sh/v3:Release",
  "kubernetes:helm.sh/v4:Chart",
  "kubernetes:argoproj.io/v1alpha1:Rollout",
  "kubernetes:::",
  "kubernetes",
  "",
  "aws:s3/bucket:Bucket",
];

const objects: fc.Arbitrary<Resource> = fc
  .record({
    type: fc.constantFrom(...KINDS),
    metadata: hostile,
    spec: hostile,
    more: fc.dictionary(
      fc.constantFrom("apiVersion", "kind", "items", "data", "stringData", "type", "subjects", "specs", "template"),
      hostile,
    ),
    provider: fc.option(fc.dictionary(fc.constantFrom("namespace", "kubeconfig"), hostile), { nil: undefined }),
  })
  .map(({ type, metadata, spec, more, provider }) => ({
    type,
    props: { metadata, spec, ...more },
    ...(provider ? { provider } : {}),
  }));

const rules: fc.Arbitrary<Resource> = hostile.chain((value) =>
  fc
    .constantFrom(
      "podSelector",
      "ingress",
      "egress",
      "policyTypes",
      "endpointSelector",
      "enableDefaultDeny",
      "ingress[0]",
      "egress[0].to[0].ipBlock",
    )
    .map((field) => {
      const base: Manifest = {
        metadata: { namespace: "x" },
        spec: { podSelector: {}, endpointSelector: {}, ingress: [{}], egress: [{ to: [{}] }] },
      };
      const props = safely(() => withField(base, `spec.${field}`, value), base);
      return { type: KINDS[field.length % 2 ? 6 : 8] ?? "", props };
    }),
);

describe("policy pack: hostile shapes", function () {
  this.timeout(60_000 + RUNS * 200);

  for (const [name, arbitrary] of Object.entries({ pods, objects, rules })) {
    it(`no rule throws or fails to finish on ${String(RUNS)} random ${name}, alone and as a stack`, async () => {
      await fc.assert(
        fc.asyncProperty(arbitrary, async (resource) => {
          const violations = await new Harness({ config: { registries: ["a"] } }).preview([resource]);
          // An error inside a rule is reported as a violation that says so; here there must be none.
          const failed = violations.filter(({ message }) => message.includes("the check itself failed"));
          assert.deepEqual(failed, []);
          assert.deepEqual(
            violations.filter(({ message }) => message.includes("can't run policy")),
            [],
          );
        }),
        { numRuns: RUNS },
      );
    });
  }

  it("takes any configuration, and never relaxes for one it does not understand", async () => {
    const keys = fc.constantFrom("stackKind", "podSecurityVersion", "registries", "podTemplatePaths", "exemptions");
    const bad = typed(withField(goodPod(), "spec.hostPID", true));
    await fc.assert(
      fc.asyncProperty(fc.dictionary(keys, hostile), async (config) => {
        const violations = await new Harness({ config }).preview([bad]);
        assert.ok(violations.some(({ control, level }) => control === "PSS-001" && level === "mandatory"));
      }),
      { numRuns: RUNS },
    );
  });

  it("reports an error inside a rule as a violation of its control, without quoting values", async () => {
    const run: Run = {
      settings: () => parseSettings(undefined),
      exemptions: () => new Exemptions([], new Set(), new Date()),
      inputs: new Map(),
    };
    const throwing = (error: unknown): Rule =>
      podRule(hostNamespaces, () => {
        throw error;
      });
    for (const error of [new RangeError("c4n4ry"), "c4n4ry", undefined]) {
      const { violations } = await new Harness({ policies: [throwing(error).build(run)] }).resource(typed(goodPod()));
      assert.deepEqual(
        violations.map(({ control, level }) => [control, level]),
        [["PSS-001", "mandatory"]],
      );
      assert.match(violations[0]?.message ?? "", /the check itself failed/);
      assert.ok(!violations[0]?.message.includes("c4n4ry"));
    }
  });
});

function safely<T>(change: () => T, fallback: T): T {
  try {
    return change();
  } catch {
    return fallback; // an earlier change left nothing to put this one into
  }
}
