import assert from "node:assert/strict";
import fc from "fast-check";
import { auditPolicy, type AuditRule } from "../../../components/hardening/auditPolicy";

interface Request {
  verb: string;
  group: string;
  resource: string;
  namespace?: string;
  user?: string;
}

/** The API server's own matching, as far as our rules use it: the first rule that matches decides. */
function levelOf(rules: AuditRule[], request: Request): string {
  const among = (list: string[] | undefined, value: string | undefined): boolean =>
    list === undefined || (value !== undefined && list.includes(value));
  const matches = (rule: AuditRule): boolean =>
    rule.nonResourceURLs === undefined &&
    rule.userGroups === undefined &&
    among(rule.users, request.user) &&
    among(rule.verbs, request.verb) &&
    among(rule.namespaces, request.namespace) &&
    (rule.resources === undefined ||
      rule.resources.some(({ group, resources }) => group === request.group && among(resources, request.resource)));
  return rules.find(matches)?.level ?? "None";
}

const WRITES = ["create", "update", "patch", "delete", "deletecollection"];
const { rules } = auditPolicy({ phiNamespaces: ["fi-fhir", "open-emr"] });

describe("auditPolicy", () => {
  it("never records a credential's body, whoever touches it wherever", () => {
    const credential = fc.constantFrom(
      { group: "", resource: "secrets" },
      { group: "", resource: "serviceaccounts/token" },
      { group: "authentication.k8s.io", resource: "tokenreviews" },
    );
    const verb = fc.constantFrom("get", "list", "watch", ...WRITES);
    const namespace = fc.constantFrom("fi-fhir", "open-emr", "default", undefined);
    const user = fc.constantFrom("system:kube-controller-manager", "someone");
    fc.assert(
      fc.property(credential, verb, namespace, user, (resource, verb, namespace, user) => {
        assert.equal(levelOf(rules, { ...resource, verb, user, ...(namespace ? { namespace } : {}) }), "Metadata");
      }),
    );
  });

  it("records the body of every other write in a PHI namespace, custom resources included", () => {
    for (const verb of WRITES) {
      for (const namespace of ["fi-fhir", "open-emr"]) {
        assert.equal(levelOf(rules, { verb, namespace, group: "apps", resource: "deployments" }), "RequestResponse");
        assert.equal(levelOf(rules, { verb, namespace, group: "example.org", resource: "widgets" }), "RequestResponse");
      }
      assert.equal(levelOf(rules, { verb, namespace: "default", group: "apps", resource: "deployments" }), "Metadata");
    }
  });

  it("records reads in a PHI namespace, also those of the control plane", () => {
    const user = "system:kube-controller-manager";
    assert.equal(levelOf(rules, { verb: "list", namespace: "fi-fhir", group: "", resource: "pods", user }), "Metadata");
    assert.equal(levelOf(rules, { verb: "list", namespace: "default", group: "", resource: "pods", user }), "None");
  });

  it("records shells although they come as a GET", () => {
    for (const resource of ["pods/exec", "pods/attach", "pods/portforward"]) {
      assert.equal(levelOf(rules, { verb: "get", namespace: "default", group: "", resource }), "Request");
    }
  });

  it("leaves out leases and events, everywhere", () => {
    for (const namespace of ["fi-fhir", "kube-system"]) {
      assert.equal(
        levelOf(rules, { verb: "update", namespace, group: "coordination.k8s.io", resource: "leases" }),
        "None",
      );
      assert.equal(levelOf(rules, { verb: "create", namespace, group: "", resource: "events" }), "None");
    }
  });

  it("is the same whatever the order of the namespaces, and has no rule for none", () => {
    assert.deepEqual(auditPolicy({ phiNamespaces: ["b", "a", "b"] }), auditPolicy({ phiNamespaces: ["a", "b"] }));
    const none = auditPolicy({ phiNamespaces: [] });
    assert.equal(
      none.rules.some(({ level }) => level === "RequestResponse"),
      false,
    );
    assert.equal(none.rules.at(-1)?.level, "Metadata");
  });
});
