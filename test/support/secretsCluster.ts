import { readFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import assert from "node:assert/strict";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { auditPolicy } from "../../components/hardening/auditPolicy";
import { reviewerBindingArgs } from "../../components/secrets/embeddedVault";
import { CONTROLLER, controllerRules } from "../../components/secrets/externalSecretsRbac";
import { REPOSITORY } from "./engine";
import type { TestCluster, TestRoot } from "./embeddedCluster";
import { eventually } from "./embeddedRequests";

/** Namespace of Vault's and the controller's own identities. */
export const PLATFORM = "platform-secrets";
/** The one that is served, and one that is not. */
export const SYSTEM = "fi-fhir";
export const STRANGER = "stranger";

/** A cluster with what Vault and External Secrets need in it, made of the same builders as the components use. */
export async function secretsCluster(root: TestRoot): Promise<TestCluster> {
  const cluster = root.cluster({ name: "secrets", auditPolicy: auditPolicy({ phiNamespaces: [SYSTEM] }) });
  await cluster.create();
  for (const definition of definitions()) {
    await post(cluster, "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", definition);
  }
  for (const name of [PLATFORM, SYSTEM, STRANGER]) {
    await post(cluster, "/api/v1/namespaces", { metadata: { name } });
  }
  for (const [namespace, name] of [
    [PLATFORM, "vault-token-reviewer"],
    [PLATFORM, CONTROLLER],
    [SYSTEM, SYSTEM],
    [STRANGER, SYSTEM],
  ] as const) {
    await post(cluster, `/api/v1/namespaces/${namespace}/serviceaccounts`, { metadata: { name } });
  }
  const rbac = "/apis/rbac.authorization.k8s.io/v1";
  await post(cluster, `${rbac}/clusterrolebindings`, reviewerBindingArgs(PLATFORM));
  const metadata = { name: CONTROLLER };
  const here = `${rbac}/namespaces/${SYSTEM}`;
  await post(cluster, `${here}/roles`, { metadata, rules: controllerRules([SYSTEM]) });
  await post(cluster, `${here}/rolebindings`, {
    metadata,
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: CONTROLLER },
    subjects: [{ kind: "ServiceAccount", name: CONTROLLER, namespace: PLATFORM }],
  });
  const api = "/apis/external-secrets.io/v1";
  await eventually("the CustomResourceDefinitions to be served", async () => {
    const served = await cluster.api("GET", `${api}/namespaces/${SYSTEM}/externalsecrets`);
    return served.status === 200;
  });
  return cluster;
}

/** Creates the object, or leaves it when it is there. */
export async function post(cluster: TestCluster, path: string, object: object): Promise<void> {
  const { status, body } = await cluster.api("POST", path, object);
  assert.ok(status === 201 || status === 409, `${path}: ${status} ${body}`);
}

/** External Secrets' own CustomResourceDefinitions, out of its Go module. */
function definitions(): object[] {
  const { modules, version } = { modules: goModuleCache(), version: "v0.20.4" };
  const module = join(modules, `github.com/external-secrets/external-secrets@${version}`);
  const documents = parseAllDocuments(readFileSync(join(module, "deploy/crds/bundle.yaml"), "utf8"));
  return documents.map((document) => document.toJS() as object);
}

function goModuleCache(): string {
  return execFileSync("go", ["env", "GOMODCACHE"], { cwd: REPOSITORY, encoding: "utf8" }).trim();
}

/** A token of a ServiceAccount, as External Secrets would ask for it. */
export async function loginToken(cluster: TestCluster, namespace: string, audience: string): Promise<string> {
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${SYSTEM}/token`;
  const spec = { audiences: [audience], expirationSeconds: 600 };
  const answer = await cluster.api("POST", path, {
    apiVersion: "authentication.k8s.io/v1",
    kind: "TokenRequest",
    spec,
  });
  assert.equal(answer.status, 201, answer.body);
  return answer.json<{ status: { token: string } }>().status.token;
}

/** A value of a Kubernetes Secret, or `undefined` while it is not there. */
export async function secretValue(cluster: TestCluster, name: string, key: string): Promise<string | undefined> {
  const { status, body } = await cluster.api("GET", `/api/v1/namespaces/${SYSTEM}/secrets/${name}`);
  if (status === 404) return undefined;
  const value = (JSON.parse(body) as { data?: Record<string, string> }).data?.[key];
  return value === undefined ? undefined : Buffer.from(value, "base64").toString();
}
