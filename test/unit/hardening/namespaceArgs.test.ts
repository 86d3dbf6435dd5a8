import assert from "node:assert/strict";
import {
  defaultServiceAccountArgs,
  groupBindingArgs,
  limitRangeArgs,
  namespaceArgs,
  resourceQuotaArgs,
  roleArgs,
  times,
} from "../../../components/hardening";

const SPEC = { namespace: "apps", kubernetesVersion: "1.36.3" };

describe("namespaceArgs (S4.12)", () => {
  it("pins all three modes of Pod Security to restricted at the cluster's version", () => {
    const { labels } = namespaceArgs(SPEC).metadata;
    for (const mode of ["enforce", "audit", "warn"]) {
      assert.equal(labels[`pod-security.kubernetes.io/${mode}`], "restricted");
      assert.equal(labels[`pod-security.kubernetes.io/${mode}-version`], "v1.36");
    }
    assert.equal(labels["fhir-landing-zone/data-classification"], "phi");
  });

  it("accepts v1.36 and refuses what is no version", () => {
    const labels = namespaceArgs({ ...SPEC, kubernetesVersion: "v1.36" }).metadata.labels;
    assert.equal(labels["pod-security.kubernetes.io/enforce-version"], "v1.36");
    for (const kubernetesVersion of ["latest", "", "2.0", "1"]) {
      assert.throws(() => namespaceArgs({ ...SPEC, kubernetesVersion }), /is no Kubernetes version/, kubernetesVersion);
    }
  });

  it("is injected only in the mesh", () => {
    assert.equal(namespaceArgs(SPEC).metadata.labels["istio.io/rev"], undefined);
    const mesh = {
      trustDomain: "example.com",
      injectionLabels: { "istio.io/rev": "default" },
      controlPlaneNamespace: "istio-system",
      gateway: { namespace: "gateway", serviceAccount: "gateway", labels: {} },
    };
    assert.equal(namespaceArgs({ ...SPEC, mesh }).metadata.labels["istio.io/rev"], "default");
  });
});

describe("quota and limits", () => {
  it("allow no way in beside the gateway and no storage unless asked for", () => {
    const { hard } = resourceQuotaArgs(SPEC).spec;
    assert.equal(hard["services.nodeports"], "0");
    assert.equal(hard["services.loadbalancers"], "0");
    assert.equal(hard["requests.storage"], "0");
    assert.equal(hard["limits.memory"], "16Gi");
  });

  it("give a silent container disk too", () => {
    const [container] = limitRangeArgs(SPEC).spec.limits;
    assert.ok(container?.default["ephemeral-storage"]);
    assert.ok(container.defaultRequest["ephemeral-storage"]);
  });

  it("multiply quantities", () => {
    assert.deepEqual([times("8Gi", 2), times("500m", 3), times("1.5", 2)], ["16Gi", "1500m", "3"]);
  });
});

describe("the default ServiceAccount (S4.39)", () => {
  it("is taken over and gets no token", () => {
    const { metadata, automountServiceAccountToken } = defaultServiceAccountArgs(SPEC);
    assert.equal(metadata.name, "default");
    assert.equal(metadata.annotations["pulumi.com/patchForce"], "true");
    assert.equal(automountServiceAccountToken, false);
  });
});

describe("roles (PP.13)", () => {
  for (const resources of [["*"], ["secrets"], ["pods", "pods/exec"], ["serviceaccounts/token"]]) {
    it(`refuse ${resources.join(", ")}`, () => {
      assert.throws(
        () => roleArgs("r", "apps", [{ resources, verbs: ["get"] }]),
        /Role "r": rules\.resources opens more/,
      );
    });
  }
  for (const verb of ["*", "bind", "escalate", "impersonate"]) {
    it(`refuse the verb ${verb}`, () => {
      assert.throws(() => roleArgs("r", "apps", [{ resources: ["pods"], verbs: [verb] }]), /rules\.verbs opens more/);
    });
  }
  it("are not bound to groups of Kubernetes itself", () => {
    assert.throws(() => groupBindingArgs("b", "apps", "r", "system:authenticated"), /is a group of Kubernetes itself/);
  });
});
