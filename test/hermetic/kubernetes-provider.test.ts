import assert from "node:assert/strict";
import { Client } from "../../hermetic/kubernetes/client/client";
import { Transport } from "../../hermetic/kubernetes/client/transport";
import { loadKubeconfig } from "../../hermetic/kubernetes/config/kubeconfig";
import { count, record, text } from "../../hermetic/kubernetes/objects";
import { KubernetesProvider } from "../../hermetic/kubernetes/provider";
import { PartialFailure } from "../../hermetic/protocol/provider";
import { plain, secret, type JsonObject } from "../../hermetic/protocol/values";
import { KwokCluster } from "../support/kwokCluster";

/* The cases that the engine does not bring about by itself, on a real API server: the provider is called directly. */

describe("the kubernetes provider against a real API server", function () {
  this.timeout(120_000);
  let cluster: KwokCluster;
  let client: Client;
  let said: string[] = [];

  before(async () => {
    cluster = await KwokCluster.start();
    client = new Client(
      new Transport(loadKubeconfig({ kubeconfig: cluster.kubeconfig, context: undefined, cluster: undefined }), 30_000),
    );
  });
  after(() => cluster?.stop());
  beforeEach(() => (said = []));

  /** A new process of the plugin: it remembers nothing. */
  async function provider(config: JsonObject = {}): Promise<KubernetesProvider> {
    const say = (message: string) => void said.push(message);
    const instance = new KubernetesProvider(
      { debug: () => undefined, info: say, warn: say, status: say },
      { unreachableMs: 2000, missingMs: 1000 },
    );
    await instance.configure({ kubeconfig: cluster.kubeconfig, ...config });
    return instance;
  }

  const forever = new AbortController().signal;
  const call = (type: string, urn: string) => ({ urn, type, name: urn, signal: forever, timeout: 0 });
  const ref = (kind: string, name: string, apiVersion = "v1", namespace: string | undefined = "default") => ({
    apiVersion,
    kind,
    namespace,
    name,
  });
  const CONFIG = "kubernetes:core/v1:ConfigMap";
  const config = (name: string, data: JsonObject, more: JsonObject = {}, annotations: JsonObject = {}): JsonObject => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name, namespace: "default", annotations },
    data,
    ...more,
  });
  const create = async (type: string, urn: string, inputs: JsonObject, more = {}) =>
    (await provider()).create({ ...call(type, urn), inputs, preview: false, ...more });
  const remove = async (
    type: string,
    urn: string,
    inputs: JsonObject,
    { id, state }: { id: string; state: JsonObject },
    more = {},
  ) => (await provider()).delete({ ...call(type, urn), id, inputs, state, ...more });

  describe("create", () => {
    it("goes on with an object that its own killed run has written, also when the program has changed since", async () => {
      const inputs = config("half", { a: "1" }, { immutable: true });
      await create(CONFIG, "urn:half", inputs);
      const changed = config("half", { a: "2" }, { immutable: true });
      const { id } = await create(CONFIG, "urn:half", changed);
      assert.equal(id, "default/half");
      assert.equal(text((await client.get(ref("ConfigMap", "half"))) ?? null, "data", "a"), "2");
      await assert.rejects(
        create(CONFIG, "urn:other", inputs),
        /ConfigMap default\/half: configmaps "half" already exists/,
      );
    });

    it("removes what a killed run has left under another generated name, but not what is being replaced", async () => {
      const generated = (name: string) => config(name, {}, {}, { "pulumi.com/autonamed": "true" });
      const first = await create(CONFIG, "urn:auto", generated("auto-aaaaaaaa"));
      // A replacement: the engine has shown the old one to check before.
      const replacing = await provider();
      await replacing.check({
        ...call(CONFIG, "urn:auto"),
        oldInputs: generated("auto-aaaaaaaa"),
        newInputs: config("x", {}),
        randomSeed: new Uint8Array(32),
      });
      await replacing.create({ ...call(CONFIG, "urn:auto"), inputs: generated("auto-bbbbbbbb"), preview: false });
      assert.ok(await client.get(ref("ConfigMap", "auto-aaaaaaaa")));
      // A first create that was killed: nobody knows of the old ones.
      await create(CONFIG, "urn:auto", generated("auto-cccccccc"));
      assert.equal(await client.get(ref("ConfigMap", "auto-aaaaaaaa")), undefined);
      assert.equal(await client.get(ref("ConfigMap", "auto-bbbbbbbb")), undefined);
      await remove(CONFIG, "urn:auto", generated("auto-aaaaaaaa"), first); // gone already: fine
    });

    it("survives a replacement forced by the user under a fixed name: the delete of the old one spares the new one", async () => {
      const inputs = config("forced", { a: "1" });
      const old = await create(CONFIG, "urn:forced", inputs);
      const replacement = await create(CONFIG, "urn:forced", inputs);
      await remove(CONFIG, "urn:forced", inputs, old);
      assert.ok(await client.get(ref("ConfigMap", "forced")));
      await remove(CONFIG, "urn:forced", inputs, replacement);
      assert.equal(await client.get(ref("ConfigMap", "forced")), undefined);
    });

    it("waits a moment for a namespace, then reports the server's words", async () => {
      const inputs = { ...config("lost", {}), metadata: { name: "lost", namespace: "nowhere" } };
      await assert.rejects(
        create(CONFIG, "urn:lost", inputs),
        /ConfigMap nowhere\/lost: namespaces "nowhere" not found/,
      );
      const widget = { apiVersion: "example.com/v1", kind: "Gadget", metadata: { name: "g", namespace: "default" } };
      await assert.rejects(
        create("kubernetes:example.com/v1:Gadget", "urn:g", widget),
        /no matches for kind "Gadget" in version "example.com\/v1"/,
      );
    });

    it("at preview does not complain of what the same update may bring", async () => {
      const instance = await provider();
      const preview = (inputs: JsonObject) =>
        instance.create({ ...call("kubernetes:core/v1:Pod", `urn:${JSON.stringify(inputs)}`), inputs, preview: true });
      const pod = (namespace: string, spec: JsonObject = {}) => ({
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: "p", namespace },
        spec: { containers: [{ name: "c", image: "x" }], ...spec },
      });
      await preview(pod("nowhere"));
      await preview(pod("default", { serviceAccountName: "to-come" }));
      await preview(pod("default", { priorityClassName: "to-come" }));
      await preview({ apiVersion: "example.com/v1", kind: "Gadget", metadata: { name: "g" } });
      assert.deepEqual(said, []);
      await assert.rejects(
        preview(
          pod("default", { containers: [{ name: "c", image: "x", volumeMounts: [{ name: "v", mountPath: "/v" }] }] }),
        ),
        /Pod default\/p:.*volumeMounts\[0\]\.name: Not found: "v"/s,
      );
    });

    it("never shows a secret that the server quotes", async () => {
      const value = "hunter2 is no label";
      const inputs = {
        ...config("quoted", {}),
        metadata: { name: "quoted", namespace: "default", labels: { a: secret(value) } },
      };
      for (const preview of [true, false]) {
        const attempt = create(CONFIG, "urn:quoted", inputs, { preview });
        await assert.rejects(
          attempt,
          (error: Error) => error.message.includes('Invalid value: "[secret]"') && !error.message.includes(value),
        );
      }
    });
  });

  describe("waiting", () => {
    it("follows pulumi.com/waitFor and reports the condition it missed", async () => {
      const POD = "kubernetes:core/v1:Pod";
      const pod = (waitFor: string): JsonObject => ({
        apiVersion: "v1",
        kind: "Pod",
        metadata: {
          name: "waits",
          namespace: "default",
          annotations: { "pulumi.com/waitFor": waitFor, "pulumi.com/timeoutSeconds": "2" },
        },
        spec: { serviceAccountName: "default", containers: [{ name: "c", image: "x" }] },
      });
      const made = await create(POD, "urn:waits", pod("jsonpath={.status.phase}=Running"));
      assert.equal(text(made.state, "status", "phase"), "Running");
      const failure = await create(POD, "urn:waits", pod("condition=Happy")).then(
        () => assert.fail("a condition that nobody sets was met"),
        (error: unknown) => error,
      );
      assert.ok(failure instanceof PartialFailure);
      assert.match(
        failure.message,
        /^Pod default\/waits was not ready within 2 s: condition Happy should be True: it is not there yet$/,
      );
      assert.equal(failure.id, "default/waits");
      assert.equal(text(failure.state, "status", "phase"), "Running");
      await remove(POD, "urn:waits", pod("condition=Happy"), made);
    });

    it("stops at once when cancelled", async () => {
      const cancellation = new AbortController();
      setTimeout(() => cancellation.abort(), 500);
      const claim = {
        apiVersion: "v1",
        kind: "PersistentVolumeClaim",
        metadata: { name: "c", namespace: "default" },
        spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
      };
      const started = Date.now();
      await assert.rejects(
        create("kubernetes:core/v1:PersistentVolumeClaim", "urn:c", claim, { signal: cancellation.signal }),
        /cancelled while waiting for PersistentVolumeClaim default\/c to become ready: phase is Pending, not Bound; it names no StorageClass/,
      );
      assert.ok(Date.now() - started < 3000);
    });

    it("ends for every kind that a simulated node can make ready", async () => {
      const labels = { app: "many" };
      const template = { metadata: { labels }, spec: { containers: [{ name: "c", image: "x" }] } };
      const workload = (kind: string, spec: JsonObject = {}) => ({
        apiVersion: "apps/v1",
        kind,
        metadata: { name: "many", namespace: "default" },
        spec: { selector: { matchLabels: labels }, template, ...spec },
      });
      const objects: JsonObject[] = [
        workload("DaemonSet"),
        workload("StatefulSet", { serviceName: "many", replicas: 2 }),
        {
          apiVersion: "v1",
          kind: "Service",
          metadata: { name: "many", namespace: "default" },
          spec: { selector: labels, ports: [{ port: 80 }] },
        },
        {
          apiVersion: "storage.k8s.io/v1",
          kind: "StorageClass",
          metadata: { name: "late" },
          provisioner: "none",
          volumeBindingMode: "WaitForFirstConsumer",
        },
        {
          apiVersion: "v1",
          kind: "PersistentVolumeClaim",
          metadata: { name: "late", namespace: "default" },
          spec: {
            storageClassName: "late",
            accessModes: ["ReadWriteOnce"],
            resources: { requests: { storage: "1Gi" } },
          },
        },
      ];
      for (const inputs of objects) {
        const { state } = await create(
          `kubernetes:${text(inputs, "apiVersion") ?? ""}:${text(inputs, "kind") ?? ""}`,
          `urn:${text(inputs, "kind") ?? ""}`,
          inputs,
        );
        if (inputs.kind === "StatefulSet") assert.equal(count(state, "status", "readyReplicas"), 2);
        if (inputs.kind === "DaemonSet") assert.equal(count(state, "status", "numberAvailable"), 1);
      }
    });
  });

  describe("diff", () => {
    it("learns from the server which fields of a custom resource never change", async () => {
      const DEFINITION = "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition";
      const schema = {
        type: "object",
        properties: {
          spec: {
            type: "object",
            properties: {
              zone: {
                type: "string",
                "x-kubernetes-validations": [{ rule: "self == oldSelf", message: "zone is immutable" }],
              },
              size: { type: "integer" },
            },
          },
        },
      };
      await create(DEFINITION, "urn:definition", {
        apiVersion: "apiextensions.k8s.io/v1",
        kind: "CustomResourceDefinition",
        metadata: { name: "zones.example.org" },
        spec: {
          group: "example.org",
          scope: "Cluster",
          names: { kind: "Zone", plural: "zones" },
          versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema: schema } }],
        },
      });
      const ZONE = "kubernetes:example.org/v1:Zone";
      const zone = (spec: JsonObject): JsonObject => ({
        apiVersion: "example.org/v1",
        kind: "Zone",
        metadata: { name: "z" },
        spec,
      });
      const { id, state } = await create(ZONE, "urn:zone", zone({ zone: "a", size: 1 }));
      assert.equal(id, "z");
      const diff = async (spec: JsonObject) =>
        (await provider()).diff({
          ...call(ZONE, "urn:zone"),
          id,
          state,
          oldInputs: zone({ zone: "a", size: 1 }),
          newInputs: zone(spec),
          ignoreChanges: [],
        });
      assert.deepEqual(await diff({ zone: "a", size: 2 }), {
        changes: { "spec.size": "update" },
        deleteBeforeReplace: false,
      });
      assert.deepEqual(await diff({ zone: "b", size: 2 }), {
        changes: { "spec.size": "update", "spec.zone": "update-replace" },
        deleteBeforeReplace: true,
      });
    });
  });

  describe("update", () => {
    const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
    const deployment = (image: string, replicas = 1): JsonObject => ({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "scaled", namespace: "default" },
      spec: {
        replicas,
        selector: { matchLabels: { app: "scaled" } },
        template: { metadata: { labels: { app: "scaled" } }, spec: { containers: [{ name: "c", image }] } },
      },
    });

    it("leaves alone what ignoreChanges names, even when somebody else owns it now", async () => {
      const { id, state } = await create(DEPLOYMENT, "urn:scaled", deployment("x:1"));
      const target = ref("Deployment", "scaled", "apps/v1");
      await client.apply(
        target,
        { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "scaled" }, spec: { replicas: 3 } },
        { manager: "autoscaler", force: true },
      );
      const update = {
        ...call(DEPLOYMENT, "urn:scaled"),
        id,
        state,
        oldInputs: deployment("x:1"),
        newInputs: deployment("x:2"),
        preview: false,
      };
      await assert.rejects(
        (await provider()).update({ ...update, ignoreChanges: [] }),
        /conflict with "autoscaler".*: \.spec\.replicas/s,
      );
      const updated = await (await provider()).update({ ...update, ignoreChanges: ["spec.replicas"] });
      assert.equal(count(updated, "spec", "replicas"), 3);
      await (
        await provider()
      ).update({
        ...update,
        newInputs: {
          ...deployment("x:2"),
          metadata: { name: "scaled", namespace: "default", annotations: { "pulumi.com/patchForce": "true" } },
        },
        ignoreChanges: [],
      });
      assert.equal(count((await client.get(target)) ?? null, "spec", "replicas"), 1);
    });

    it("takes a key of stringData out of the cluster when it leaves the program", async () => {
      const SECRET = "kubernetes:core/v1:Secret";
      const inputs = (stringData: JsonObject): JsonObject => ({
        apiVersion: "v1",
        kind: "Secret",
        metadata: { name: "s", namespace: "default" },
        stringData: secret(stringData),
      });
      const { id, state } = await create(SECRET, "urn:s", inputs({ a: "1", b: "2" }));
      assert.deepEqual(plain(state.data ?? null), { a: "MQ==", b: "Mg==" });
      await (
        await provider()
      ).update({
        ...call(SECRET, "urn:s"),
        id,
        state,
        oldInputs: inputs({ a: "1", b: "2" }),
        newInputs: inputs({ a: "1" }),
        preview: false,
        ignoreChanges: [],
      });
      assert.deepEqual(record((await client.get(ref("Secret", "s"))) ?? null, "data"), { a: "MQ==" });
    });
  });

  describe("patch", () => {
    const PATCH = "kubernetes:core/v1:NamespacePatch";
    const patch = (labels: JsonObject, annotations: JsonObject = {}): JsonObject => ({
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: "kube-system", labels, annotations },
    });

    it("sets fields of somebody's object, fights only when told to, and gives the fields up in the end", async () => {
      const target = ref("Namespace", "kube-system", "v1", undefined);
      await client.apply(
        target,
        { apiVersion: "v1", kind: "Namespace", metadata: { name: "kube-system", labels: { tier: "theirs" } } },
        { manager: "them" },
      );
      await assert.rejects(
        create(PATCH, "urn:patch", patch({ tier: "ours" })),
        /Namespace kube-system: Apply failed with 1 conflict: conflict with "them": \.metadata\.labels\.tier/,
      );
      const inputs = patch({ tier: "ours", own: "yes" }, { "pulumi.com/patchForce": "true" });
      const made = await create(PATCH, "urn:patch", inputs);
      const live = async () => record((await client.get(target)) ?? null, "metadata");
      assert.deepEqual(
        [(await live()).annotations, record(await live(), "labels").tier, record(await live(), "labels").own],
        [undefined, "ours", "yes"],
      );
      await remove(PATCH, "urn:patch", inputs, made);
      assert.equal(record(await live(), "labels").own, undefined);
    });

    it("needs an object to patch", async () => {
      const inputs = { ...patch({}), metadata: { name: "absent" } };
      await assert.rejects(
        create(PATCH, "urn:absent", inputs),
        /Namespace absent: namespaces "absent" not found: a Patch resource changes an object that exists already/,
      );
    });
  });

  describe("delete", () => {
    it("says which finalizers keep an object, and finishes once they are gone", async () => {
      const inputs = {
        ...config("held", {}),
        metadata: { name: "held", namespace: "default", finalizers: ["example.com/hold"] },
      };
      const made = await create(CONFIG, "urn:held", inputs);
      await assert.rejects(
        remove(CONFIG, "urn:held", inputs, made, { timeout: 1 }),
        /ConfigMap default\/held is being deleted but was not gone within 1 s: finalizers remain: example\.com\/hold/,
      );
      // A create of the same name waits for it to go.
      const waiting = create(CONFIG, "urn:held2", config("held", { a: "new" }));
      await new Promise((resolve) => setTimeout(resolve, 500));
      await release("held");
      await waiting;
      assert.equal(text((await client.get(ref("ConfigMap", "held"))) ?? null, "data", "a"), "new");
    });

    async function release(name: string): Promise<void> {
      const own = record((await client.get(ref("ConfigMap", name))) ?? null, "metadata").managedFields;
      const [entry] = Array.isArray(own) ? own : [];
      await client.apply(
        ref("ConfigMap", name),
        { apiVersion: "v1", kind: "ConfigMap", metadata: { name } },
        { manager: text(entry ?? null, "manager") ?? "" },
      );
    }

    it("of a namespace says what is left in it", async () => {
      const NAMESPACE = "kubernetes:core/v1:Namespace";
      const inputs = { apiVersion: "v1", kind: "Namespace", metadata: { name: "full" } };
      const made = await create(NAMESPACE, "urn:full", inputs);
      const held = {
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name: "held", finalizers: ["example.com/hold"] },
      };
      await client.apply(ref("ConfigMap", "held", "v1", "full"), held, { manager: "them" });
      await assert.rejects(
        remove(NAMESPACE, "urn:full", inputs, made, { timeout: 8 }),
        /finalizers remain: kubernetes; .*configmaps\. has 1 resource instances.*example\.com\/hold in 1 resource instances/s,
      );
      await client.apply(
        ref("ConfigMap", "held", "v1", "full"),
        { ...held, metadata: { name: "held" } },
        { manager: "them" },
      );
      await remove(NAMESPACE, "urn:full", inputs, made);
    });
  });

  describe("read", () => {
    it("imports by namespace and name, or by name in the default namespace", async () => {
      await client.apply(ref("ConfigMap", "found"), config("found", { a: "b" }), { manager: "them" });
      for (const id of ["default/found", "found"]) {
        const read = await (await provider()).read({ ...call(CONFIG, "urn:found"), id, inputs: {}, state: {} });
        assert.equal(read?.id, "default/found");
        assert.deepEqual(read.inputs, {
          apiVersion: "v1",
          kind: "ConfigMap",
          metadata: { name: "found", namespace: "default" },
          data: { a: "b" },
        });
      }
      assert.equal(
        await (await provider()).read({ ...call(CONFIG, "urn:found"), id: "nope", inputs: {}, state: {} }),
        undefined,
      );
      await assert.rejects(
        (await provider()).read({
          ...call("kubernetes:core/v1:Namespace", "urn:n"),
          id: "a/default",
          inputs: {},
          state: {},
        }),
        /names a namespace, but a Namespace has none/,
      );
    });

    it("remembers that a workload is not ready, so that the next update goes on waiting", async () => {
      const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
      const inputs: JsonObject = {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: { name: "unready", namespace: "default", annotations: { "pulumi.com/timeoutSeconds": "1" } },
        spec: {
          selector: { matchLabels: { app: "u" } },
          template: {
            metadata: { labels: { app: "u" } },
            spec: { nodeSelector: { no: "such" }, containers: [{ name: "c", image: "x" }] },
          },
        },
      };
      await assert.rejects(create(DEPLOYMENT, "urn:unready", inputs), PartialFailure);
      const read = (await provider()).read({
        ...call(DEPLOYMENT, "urn:unready"),
        id: "default/unready",
        inputs,
        state: {},
      });
      await assert.rejects(
        read,
        (error: unknown) => error instanceof PartialFailure && error.message.includes("not ready: 0 of 1 replicas"),
      );
    });
  });

  // Last: after a restart the control plane takes its time to elect its leaders again.
  describe("a server that is away", () => {
    it("is waited for a moment, then the error names it", async () => {
      await cluster.pause();
      try {
        const started = Date.now();
        await assert.rejects(
          create(CONFIG, "urn:away", config("away", {})),
          /ConfigMap default\/away: the Kubernetes API server https:\/\/\S+ can't be reached: .*ECONNREFUSED/,
        );
        assert.ok(Date.now() - started >= 2000);
        assert.match(said.join("\n"), /trying again for \d+ s/);
      } finally {
        await cluster.resume();
      }
      await create(CONFIG, "urn:away", config("away", {}));
    });
  });
});
