import assert from "node:assert/strict";
import { KubernetesObjectApi } from "@kubernetes/client-node";
import { eventually } from "../support/eventually";
import { LandingZone } from "../support/landingZone";

/** Steps that are finished when the engine is killed: while the cluster is made, while definitions are applied, and so on. */
const MOMENTS = [1, 12, 40, 75, 110];

describe("an up that does not end well", function () {
  this.timeout(400_000);
  let zone: LandingZone;

  before(async () => {
    zone = await LandingZone.create({ name: `interrupted-${process.pid}` });
  });
  after(() => zone.dispose());

  for (const finished of MOMENTS) {
    it(`is killed after ${finished} steps and leaves nothing behind but what the next one takes up`, async () => {
      const { events, exitCode } = await zone.upUntil(
        (log) => count(log) >= finished,
        (up) => up.kill("SIGKILL"),
      );
      assert.equal(exitCode, undefined, `the up ended by itself after ${count(events)} steps`);
      // Plugins notice within moments that the engine is gone.
      await eventually(async () => assert.deepEqual(await zone.engine.processes(), []), 10);
    });
  }

  it("is finished by the next one, with every object of the cluster in the state and none beside", async () => {
    await zone.releaseLock();
    await zone.engine.up();
    const { steps } = await zone.engine.up();
    assert.deepEqual(
      steps.filter(([operation]) => operation !== "same"),
      [],
    );
    assert.deepEqual(await objectsInCluster(zone), await objectsInState(zone));
  });
});

/** How many steps were finished. */
const count = (events: string): number =>
  events.split("\n").filter((line) => line.includes('"resOutputsEvent"')).length;

const KINDS = [
  ["v1", "Namespace"],
  ["v1", "ConfigMap"],
  ["v1", "Service"],
  ["v1", "ServiceAccount"],
  ["v1", "ResourceQuota"],
  ["v1", "LimitRange"],
  ["apps/v1", "Deployment"],
  ["apps/v1", "StatefulSet"],
  ["batch/v1", "CronJob"],
  ["policy/v1", "PodDisruptionBudget"],
  ["networking.k8s.io/v1", "NetworkPolicy"],
  ["rbac.authorization.k8s.io/v1", "Role"],
  ["rbac.authorization.k8s.io/v1", "RoleBinding"],
  ["external-secrets.io/v1", "ExternalSecret"],
  ["external-secrets.io/v1", "SecretStore"],
  ["security.istio.io/v1", "AuthorizationPolicy"],
  ["security.istio.io/v1", "PeerAuthentication"],
] as const;

/** Everything of these kinds that is not Kubernetes' own. */
async function objectsInCluster(zone: LandingZone): Promise<string[]> {
  const api = zone.kubeConfig().makeApiClient(KubernetesObjectApi);
  const found: string[] = [];
  for (const [apiVersion, kind] of KINDS) {
    const { items } = await api.list(apiVersion, kind);
    for (const { metadata } of items) {
      const own = (metadata?.managedFields ?? []).some(({ manager }) => manager?.startsWith("pulumi"));
      if (own) found.push(`${kind} ${metadata?.namespace ?? ""}/${metadata?.name}`);
    }
  }
  return [...new Set(found)].sort();
}

async function objectsInState(zone: LandingZone): Promise<string[]> {
  interface Recorded {
    outputs?: { kind?: string; metadata?: { namespace?: string; name?: string } };
  }
  const state = JSON.parse(await zone.engine.state()) as { deployment: { resources: Recorded[] } };
  const kinds = new Set<string>(KINDS.map(([, kind]) => kind));
  const objects = state.deployment.resources
    .filter(({ outputs }) => outputs?.kind !== undefined && kinds.has(outputs.kind))
    .map(({ outputs }) => `${outputs?.kind} ${outputs?.metadata?.namespace ?? ""}/${outputs?.metadata?.name}`);
  return [...new Set(objects)].sort();
}
