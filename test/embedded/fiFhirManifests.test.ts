/* eslint-disable @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-assignment --
   objects of twenty kinds are looked into field by field; a path that does not exist fails its assertion */
import assert from "node:assert/strict";
import { existsSync, readFileSync, realpathSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseAllDocuments } from "yaml";
import { FiFhir } from "../../components/systems/fiFhir";
import { FI_FHIR } from "../program/examples/fi-fhir";
import { graphOf, kubernetesObjects, type KubernetesObject } from "../support/graph";
import { KwokCluster } from "../support/kwokCluster";
import { RawApi } from "../support/rawApi";

const SOURCES = path.resolve(__dirname, "../../.landing-zone/sources");

/** Everything that FiFhir makes, given to a real API server with the real CRDs and simulated nodes. */
describe("objects of fi-fhir on a real API server", function () {
  this.timeout(180_000);
  let cluster: KwokCluster;
  let api: RawApi;
  let objects: KubernetesObject[];

  before(async () => {
    const args = { ...FI_FHIR, database: { ...FI_FHIR.database, storageClass: "simulated" } };
    const graph = await graphOf((provider) => {
      new FiFhir("fi-fhir", args, { providers: [provider] });
    });
    objects = kubernetesObjects(graph);
    cluster = await KwokCluster.start();
    api = new RawApi(cluster.kubeconfig);
    await Promise.all(definitions().map((definition) => api.apply(definition)));
    await eventually("the definitions are served", async () => {
      for (const { apiVersion, kind } of objects) await api.list(apiVersion, kind, "default");
    });
    for (const prepared of [namespace("istio-ingress"), volume(), node("one"), node("two")]) await api.apply(prepared);
  });

  after(async () => {
    await cluster?.stop();
  });

  it("accepts every object", async () => {
    const first = objects.filter(({ kind }) => kind === "Namespace");
    for (const object of first) await api.apply(object);
    const refused: string[] = [];
    for (const object of objects.filter(({ kind }) => kind !== "Namespace")) {
      await api
        .apply(object)
        .catch((error: unknown) => refused.push(`${object.kind}/${object.metadata.name}: ${String(error)}`));
    }
    assert.deepEqual(refused, []);
  });

  it("makes the Deployment and the StatefulSet available", async () => {
    await eventually("both are available", async () => {
      const server = await api.get("apps/v1", "Deployment", "fi-fhir", "fi-fhir");
      const database = await api.get("apps/v1", "StatefulSet", "database", "fi-fhir-database");
      assert.equal(server.status.availableReplicas, 2, await warnings("fi-fhir"));
      assert.equal(database.status.availableReplicas, 1, await warnings("database"));
    });
  });

  it("runs a job of each CronJob, within quota and limits", async () => {
    const cronJobs = objects.filter(({ kind }) => kind === "CronJob");
    assert.equal(cronJobs.length, 8);
    for (const { metadata, spec } of cronJobs) {
      // A claim of its own needs a provisioner, which simulated nodes do not have.
      if (metadata.name === "fi-fhir-restore-drill") continue;
      const own = { name: `${metadata.name}-now`, namespace: metadata.namespace ?? "" };
      await api.apply({ apiVersion: "batch/v1", kind: "Job", metadata: own, spec: spec.jobTemplate.spec });
      await eventually(`${own.name} completes`, async () => {
        const job = await api.get("batch/v1", "Job", own.namespace, own.name);
        assert.equal(job.status.succeeded, 1, await warnings(own.namespace));
      });
    }
  });

  for (const where of ["fi-fhir", "database"]) {
    it(`refuses a privileged pod in ${where} (S4.12)`, async () => {
      const containers = [{ name: "bad", image: "bad", securityContext: { privileged: true } }];
      const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "bad", namespace: where }, spec: { containers } };
      await assert.rejects(api.create(pod), /violates PodSecurity \\"restricted:v1\.36\\"/);
    });
  }

  const operator = (verb: string, resource: string, group = "", subresource = ""): Promise<boolean> =>
    may({ group: "fi-fhir-operators" }, { namespace: "fi-fhir", verb, resource, group, subresource });

  it("matrix 10: operators read pods, services, configmaps, logs and patch deployments (S4.37)", async () => {
    for (const resource of ["pods", "services", "configmaps"]) {
      for (const verb of ["get", "list", "watch"])
        assert.equal(await operator(verb, resource), true, `${verb} ${resource}`);
    }
    assert.equal(await operator("get", "pods", "", "log"), true);
    for (const verb of ["update", "patch"]) assert.equal(await operator(verb, "deployments", "apps"), true, verb);
  });

  it("matrix 11: operators get no secrets, no exec, no delete, nothing elsewhere (S4.37)", async () => {
    assert.equal(await operator("get", "secrets"), false);
    assert.equal(await operator("create", "pods", "", "exec"), false);
    assert.equal(await operator("delete", "pods"), false);
    assert.equal(await operator("delete", "deployments", "apps"), false);
    assert.equal(
      await may({ group: "fi-fhir-operators" }, { namespace: "database", verb: "get", resource: "pods" }),
      false,
    );
  });

  it("leaves the default ServiceAccount without a token (S4.39)", async () => {
    for (const where of ["fi-fhir", "database"]) {
      const account = await api.get("v1", "ServiceAccount", where, "default");
      assert.equal(account.automountServiceAccountToken, false);
    }
  });

  async function warnings(where: string): Promise<string> {
    const events = await api.list("v1", "Event", where);
    return events
      .filter(({ type }) => type === "Warning")
      .map(({ message }) => String(message))
      .join("\n");
  }

  async function may(subject: { group: string }, resourceAttributes: Record<string, string>): Promise<boolean> {
    const spec = { user: "somebody", groups: [subject.group], resourceAttributes };
    const review = { apiVersion: "authorization.k8s.io/v1", kind: "SubjectAccessReview", spec };
    const answer = await api.create({ ...review, metadata: { name: "" } });
    return answer.status.allowed === true;
  }
});

async function eventually(what: string, check: () => Promise<void>): Promise<void> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    try {
      await check();
      return;
    } catch (error) {
      if (Date.now() > deadline) throw new Error(`not within a minute: ${what}`, { cause: error });
      await sleep(500);
    }
  }
}

/** The CRDs of the versions that the project pins. */
function definitions(): KubernetesObject[] {
  const chart = path.join(SOURCES, "charts", "external-secrets");
  const files = ["istio", "cert-manager", "prometheus-operator"].map((name) =>
    path.join(SOURCES, "crds", `${name}.yaml`),
  );
  if (!existsSync(chart)) throw new Error(`${chart} is missing: run this test through \`npm test\`, which gets it`);
  return [...files, path.resolve(realpathSync(chart), "../../crds/bundle.yaml")].flatMap((file) =>
    parseAllDocuments(readFileSync(file, "utf8"))
      .map((document) => document.toJS() as KubernetesObject | null)
      .filter((definition) => definition !== null)
      // External Secrets' conversion webhook is not here.
      .map((definition) => withoutConversion(definition)),
  );
}

function withoutConversion(definition: KubernetesObject): KubernetesObject {
  const { conversion: _, ...spec } = (definition as KubernetesObject & { spec: Record<string, unknown> }).spec;
  return { ...definition, spec };
}

function namespace(name: string): KubernetesObject {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name } };
}

/** A simulated node with a disk: the ones that kwokctl makes have no room for anything that asks for some. */
function node(name: string): KubernetesObject {
  const room = { cpu: "8", memory: "32Gi", pods: "110", "ephemeral-storage": "100Gi" };
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name,
      labels: { "kubernetes.io/hostname": name, type: "kwok" },
      annotations: { "kwok.x-k8s.io/node": "fake" },
    },
    status: { capacity: room, allocatable: room },
  };
}

/** And a simulated disk for the database. */
function volume(): KubernetesObject {
  const nodeSelectorTerms = [{ matchExpressions: [{ key: "kubernetes.io/hostname", operator: "Exists" }] }];
  return {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name: "simulated-0" },
    spec: {
      storageClassName: "simulated",
      capacity: { storage: "100Gi" },
      accessModes: ["ReadWriteOnce"],
      local: { path: "/simulated" },
      nodeAffinity: { required: { nodeSelectorTerms } },
    },
  };
}
