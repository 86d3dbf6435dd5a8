import assert from "node:assert/strict";
import type { SecretSource } from "../../../components/contracts";
import { externalSecretArgs, secretStoreArgs } from "../../../components/secrets";
import { reviewerBindingArgs } from "../../../components/secrets/embeddedVault";
import { controllerRules } from "../../../components/secrets/externalSecretsRbac";

const source: SecretSource = {
  server: "https://vault.example.com:8200",
  caBundle: "UEVN",
  kvMount: "secret",
  authMount: "kubernetes",
  audience: "vault",
};
const store = { namespace: "fi-fhir", source, role: "fi-fhir", serviceAccount: "fi-fhir" };
const synced = {
  namespace: "fi-fhir",
  name: "fi-fhir-secrets",
  target: "fi-fhir",
  store: "vault-backend",
  data: [{ secretKey: "database-password", remoteKey: "fi-fhir/database", property: "password" }],
};

describe("secretStoreArgs", () => {
  it("logs in as the namespace's own ServiceAccount, for Vault only, and trusts one authority", () => {
    assert.deepEqual(secretStoreArgs(store), {
      apiVersion: "external-secrets.io/v1",
      kind: "SecretStore",
      metadata: {
        name: "vault-backend",
        namespace: "fi-fhir",
        annotations: { "pulumi.com/waitFor": "condition=Ready" },
      },
      spec: {
        provider: {
          vault: {
            server: "https://vault.example.com:8200",
            path: "secret",
            version: "v2",
            caBundle: "UEVN",
            auth: {
              kubernetes: {
                mountPath: "kubernetes",
                role: "fi-fhir",
                serviceAccountRef: { name: "fi-fhir", audiences: ["vault"] },
              },
            },
          },
        },
      },
    });
  });

  it("refuses a Vault without TLS", () => {
    assert.throws(
      () => secretStoreArgs({ ...store, source: { ...source, server: "http://vault.example.com:8200" } }),
      /VaultSecretStore "fi-fhir\/vault-backend": source\.server must be an https URL.*given: "http:\/\/vault/,
    );
  });
});

describe("externalSecretArgs", () => {
  it("owns its Secret, names each value, and looks once an hour", () => {
    assert.deepEqual(externalSecretArgs(synced).spec, {
      refreshInterval: "1h",
      secretStoreRef: { name: "vault-backend", kind: "SecretStore" },
      target: { name: "fi-fhir", creationPolicy: "Owner", deletionPolicy: "Delete" },
      data: [{ secretKey: "database-password", remoteRef: { key: "fi-fhir/database", property: "password" } }],
    });
  });

  for (const refreshInterval of ["1h30m", "15m", "10s", "05m"]) {
    it(`takes ${refreshInterval}`, () => {
      assert.equal(externalSecretArgs({ ...synced, refreshInterval }).spec.refreshInterval, refreshInterval);
    });
  }

  for (const refreshInterval of ["0", "0s", "00h", "0h0m", "1d", "-1h", "", "1h ", "soon"]) {
    it(`refuses "${refreshInterval}", which is not a duration above zero`, () => {
      assert.throws(() => externalSecretArgs({ ...synced, refreshInterval }), /refreshInterval must be a duration/);
    });
  }

  it("refuses no value, and a key that is named twice", () => {
    assert.throws(() => externalSecretArgs({ ...synced, data: [] }), /data must name at least one value/);
    const twice = [...synced.data, ...synced.data];
    assert.throws(() => externalSecretArgs({ ...synced, data: twice }), /data names database-password twice/);
  });
});

describe("rights in the cluster", () => {
  it("the controller may make tokens of the named ServiceAccounts only", () => {
    const rule = controllerRules(["fi-fhir"]).find(({ resources }) => resources.includes("serviceaccounts/token"));
    assert.deepEqual(rule, {
      apiGroups: [""],
      resources: ["serviceaccounts/token"],
      resourceNames: ["fi-fhir"],
      verbs: ["create"],
    });
  });

  it("the controller has no right by wildcard", () => {
    assert.doesNotMatch(JSON.stringify(controllerRules(["fi-fhir"])), /"\*"/);
  });

  it("Vault may review tokens and nothing more", () => {
    const { roleRef, subjects } = reviewerBindingArgs("secrets");
    assert.deepEqual(roleRef, {
      apiGroup: "rbac.authorization.k8s.io",
      kind: "ClusterRole",
      name: "system:auth-delegator",
    });
    assert.deepEqual(subjects, [{ kind: "ServiceAccount", name: "vault-token-reviewer", namespace: "secrets" }]);
  });
});
