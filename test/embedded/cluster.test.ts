import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, renameSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { auditPolicy, type AuditPolicy } from "../../components/hardening/auditPolicy";
import { UNKNOWN } from "../../hermetic/protocol/values";
import { PROGRAMS } from "../../provider/cluster/daemons";
import { isPortFree } from "../../provider/ports";
import { findLeftovers } from "../../provider/processes";
import { send, TestRoot, type TestCluster } from "../support/embeddedCluster";
import {
  audited,
  becomes,
  created,
  encryptionSecret,
  eventually,
  killedCreate,
  pod,
  vaultToken,
  type AuditEntry,
} from "../support/embeddedRequests";

const POLICY = auditPolicy({ phiNamespaces: ["fi-fhir"] });
const PLANTED = "planted-value-8f3a";
const SECRET = "/api/v1/namespaces/fi-fhir/secrets/planted";

/** The tests share one cluster and build on each other, in the order of a cluster's life. */
describe("embedded cluster", function () {
  this.timeout(120_000);
  let root: TestRoot;
  let cluster: TestCluster;

  before(async () => {
    root = new TestRoot();
    cluster = root.cluster({ name: "one", auditPolicy: POLICY });
    const planned = await cluster.create({ preview: true });
    assert.equal(planned.server, UNKNOWN);
    assert.equal(existsSync(cluster.directory), false, "a preview must change nothing");
    const start = performance.now();
    await cluster.create();
    console.log(`      ready after ${((performance.now() - start) / 1000).toFixed(1)} s`);
  });
  after(() => root.dispose());

  describe("after create", () => {
    it("has three ready nodes in three zones, and the version that was asked for", async () => {
      const { items } = (await cluster.api("GET", "/api/v1/nodes")).json<{
        items: {
          metadata: { name: string; labels: Record<string, string> };
          status: { conditions: { type: string; status: string }[] };
        }[];
      }>();
      assert.deepEqual(
        items.map(({ metadata }) => [
          metadata.labels["kubernetes.io/hostname"],
          metadata.labels["topology.kubernetes.io/zone"],
        ]),
        [
          ["node-1", "a"],
          ["node-2", "b"],
          ["node-3", "c"],
        ],
      );
      assert.ok(
        items.every(({ status }) => status.conditions.some((one) => one.type === "Ready" && one.status === "True")),
      );
      assert.deepEqual(cluster.state.nodeNames, ["node-1", "node-2", "node-3"]);
      assert.equal((await cluster.api("GET", "/version")).json<{ gitVersion: string }>().gitVersion, "v1.36.3");
    });

    it("is found complete by a second create and by diff: the same processes go on", async () => {
      const before = [cluster.pids, cluster.kubeconfig];
      assert.deepEqual(await cluster.diff(), {});
      await cluster.create();
      assert.deepEqual([cluster.pids, cluster.kubeconfig], before);
      assert.deepEqual((await cluster.read())?.state, cluster.state);
    });

    it("keeps all its files to its owner", () => {
      const entries = readdirSync(cluster.directory, { recursive: true, withFileTypes: true });
      const open = entries
        .map((entry) => join(entry.parentPath, entry.name))
        .filter((path) => !path.startsWith(cluster.layout.etcdData) && (statSync(path).mode & 0o077) !== 0);
      assert.deepEqual(open, []);
      assert.ok(entries.length > 30);
    });

    it("answers nobody without an identity, and etcd nobody but the API server", async () => {
      assert.equal((await send(`${cluster.output("server")}/readyz`, cluster.stranger, "GET")).status, 401);
      const pki = (file: string): string => readFileSync(join(cluster.layout.pki, file), "utf8");
      const etcd = `https://127.0.0.1:${cluster.ports.etcd}/health`;
      await assert.rejects(send(etcd, { ca: pki("etcd-ca.crt") }, "GET"));
      const admin = { ca: pki("etcd-ca.crt"), cert: pki("user-admin.crt"), key: pki("user-admin.key") };
      await assert.rejects(send(etcd, admin, "GET"), "not even the cluster's administrator");
    });
  });

  describe("hardening", () => {
    before(async () => {
      const labels = {
        "pod-security.kubernetes.io/enforce": "restricted",
        "pod-security.kubernetes.io/enforce-version": "v1.36",
      };
      await created(cluster, "/api/v1/namespaces", {
        apiVersion: "v1",
        kind: "Namespace",
        metadata: { name: "fi-fhir", labels },
      });
      const stringData = { password: PLANTED };
      await created(cluster, "/api/v1/namespaces/fi-fhir/secrets", {
        apiVersion: "v1",
        kind: "Secret",
        metadata: { name: "planted" },
        stringData,
      });
    });

    before(() =>
      eventually("the namespace's ServiceAccount", async () => {
        const account = await cluster.api("GET", "/api/v1/namespaces/fi-fhir/serviceaccounts/default");
        return account.status === 200;
      }),
    );

    it("stores a Secret encrypted: etcd itself holds no clear text", async () => {
      const value = await cluster.etcdValue("/registry/secrets/fi-fhir/planted");
      assert.match(value, /^k8s:enc:secretbox:v1:generation-1:/);
      assert.equal(value.includes(PLANTED), false);
      const control = await cluster.etcdValue("/registry/namespaces/fi-fhir");
      assert.ok(control.includes("fi-fhir"), "what is not encrypted is legible, so the test would see a clear secret");
    });

    it("records who read a Secret but never its content", async () => {
      assert.equal((await cluster.api("GET", SECRET)).status, 200);
      const entries = await audited(cluster, ({ verb, requestURI }) => verb === "get" && requestURI === SECRET);
      assert.equal(entries[0]?.level, "Metadata");
      assert.ok(entries.every(({ requestObject, responseObject }) => !requestObject && !responseObject));
    });

    it("records what was written in a PHI namespace, and that something was elsewhere", async () => {
      const configMap = (namespace: string) => ({
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name: "settings", namespace },
        data: { a: "1" },
      });
      for (const namespace of ["fi-fhir", "default"])
        await created(cluster, `/api/v1/namespaces/${namespace}/configmaps`, configMap(namespace));
      const write = (namespace: string) => (entry: AuditEntry) =>
        entry.verb === "create" && entry.objectRef?.namespace === namespace && entry.objectRef.name === "settings";
      const [phi] = await audited(cluster, write("fi-fhir"));
      assert.equal(phi?.level, "RequestResponse");
      assert.deepEqual((phi.requestObject as { data: object }).data, { a: "1" });
      const [elsewhere] = await audited(cluster, write("default"));
      assert.equal(elsewhere?.level, "Metadata");
    });

    it("records a shell in a pod, and an issued token without the token", async () => {
      await cluster.api("GET", "/api/v1/namespaces/fi-fhir/pods/none/exec?command=id&stdout=true");
      const [shell] = await audited(cluster, ({ objectRef }) => objectRef?.subresource === "exec");
      assert.equal(shell?.level, "Request");
      assert.match(shell.requestURI, /command=id/);
      const token = await vaultToken(cluster);
      const [issued] = await audited(
        cluster,
        ({ objectRef }) => objectRef?.subresource === "token" && objectRef.namespace === "fi-fhir",
      );
      assert.equal(issued?.level, "Metadata");
      assert.equal(readFileSync(cluster.layout.auditLog, "utf8").includes(token), false);
    });

    it("lets Vault review a token made for it, which the API server itself does not take", async () => {
      const token = await vaultToken(cluster);
      const review = await cluster.api("POST", "/apis/authentication.k8s.io/v1/tokenreviews", {
        apiVersion: "authentication.k8s.io/v1",
        kind: "TokenReview",
        spec: { token, audiences: ["vault"] },
      });
      const { status } = review.json<{
        status: { authenticated?: boolean; audiences?: string[]; user?: { username: string } };
      }>();
      assert.equal(status.authenticated, true, review.body);
      assert.deepEqual(status.audiences, ["vault"]);
      assert.equal(status.user?.username, "system:serviceaccount:fi-fhir:default");
      assert.equal(
        (await send(`${cluster.output("server")}/api`, cluster.stranger, "GET", undefined, token)).status,
        401,
      );
    });

    it("refuses a privileged pod, by the namespace's label and by default", async () => {
      const restricted = await cluster.api("POST", "/api/v1/namespaces/fi-fhir/pods", pod("bad", { privileged: true }));
      assert.equal(restricted.status, 403);
      assert.match(restricted.body, /violates PodSecurity \\"restricted:v1.36\\"/);
      const unlabelled = await cluster.api("POST", "/api/v1/namespaces/default/pods", pod("bad", { privileged: true }));
      assert.equal(unlabelled.status, 403);
      assert.match(unlabelled.body, /violates PodSecurity \\"baseline:v1.36\\"/);
      const hardened = {
        allowPrivilegeEscalation: false,
        runAsNonRoot: true,
        capabilities: { drop: ["ALL"] },
        seccompProfile: { type: "RuntimeDefault" },
      };
      await created(cluster, "/api/v1/namespaces/fi-fhir/pods", pod("good", hardened));
    });
  });

  describe("simulated nodes", () => {
    it("make Deployments, DaemonSets, StatefulSets with volumes and Jobs ready", async () => {
      const path = "/apis/apps/v1/namespaces/default";
      const template = { metadata: { labels: { app: "x" } }, spec: pod("x").spec };
      const selector = { matchLabels: { app: "x" } };
      const claim = {
        metadata: { name: "data" },
        spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "5Gi" } } },
      };
      const apps = (kind: string, spec: object) => ({
        apiVersion: "apps/v1",
        kind,
        metadata: { name: "x" },
        spec: { selector, template, ...spec },
      });
      await created(cluster, `${path}/deployments`, apps("Deployment", { replicas: 3 }));
      await created(cluster, `${path}/daemonsets`, apps("DaemonSet", {}));
      await created(
        cluster,
        `${path}/statefulsets`,
        apps("StatefulSet", { serviceName: "x", replicas: 2, volumeClaimTemplates: [claim] }),
      );
      const jobPod = { spec: { ...template.spec, restartPolicy: "Never" } };
      await created(cluster, "/apis/batch/v1/namespaces/default/jobs", {
        apiVersion: "batch/v1",
        kind: "Job",
        metadata: { name: "x" },
        spec: { template: jobPod },
      });

      await becomes(cluster, `${path}/deployments/x`, "availableReplicas", 3);
      await becomes(cluster, `${path}/daemonsets/x`, "numberAvailable", 3);
      await becomes(cluster, `${path}/statefulsets/x`, "readyReplicas", 2);
      await becomes(cluster, "/apis/batch/v1/namespaces/default/jobs/x", "succeeded", 1);
      await becomes(cluster, "/api/v1/namespaces/default/persistentvolumeclaims/data-x-0", "phase", "Bound");

      await cluster.api("DELETE", `${path}/statefulsets/x`);
      await cluster.api("DELETE", "/api/v1/namespaces/default/persistentvolumeclaims");
      await eventually("the volumes to be gone", async () => {
        const { items } = (await cluster.api("GET", "/api/v1/persistentvolumes")).json<{ items: object[] }>();
        return items.length === 0;
      });
    });
  });

  describe("repair and change", () => {
    for (const program of PROGRAMS) {
      it(`restarts ${program} after kill -9, and nothing else changes`, async () => {
        const before = { ...cluster.pids };
        const outputs = { ...cluster.state };
        process.kill(before[program]!, "SIGKILL");
        await eventually(`${program} to be dead`, () => Promise.resolve(cluster.pids[program] === undefined));
        assert.deepEqual(await cluster.diff(), { server: "update" });
        assert.deepEqual(await cluster.update({}, { preview: true }), outputs);
        await cluster.update();
        assert.deepEqual(cluster.state, outputs);
        assert.deepEqual({ ...cluster.pids, [program]: 0 }, { ...before, [program]: 0 });
        assert.deepEqual(await cluster.diff(), {});
        assert.match((await cluster.api("GET", SECRET)).body, new RegExp(Buffer.from(PLANTED).toString("base64")));
      });
    }

    it("takes a new audit policy by restarting the API server only", async () => {
      const change = { auditPolicy: auditPolicy({ phiNamespaces: ["fi-fhir", "default"] }) };
      assert.deepEqual(await cluster.diff(change), { auditPolicy: "update" });
      const before = { ...cluster.pids };
      await cluster.update(change);
      assert.notEqual(cluster.pids["kube-apiserver"], before["kube-apiserver"]);
      assert.deepEqual({ ...cluster.pids, "kube-apiserver": 0 }, { ...before, "kube-apiserver": 0 });
      await cluster.api("DELETE", "/api/v1/namespaces/default/configmaps/settings");
      const [entry] = await audited(
        cluster,
        ({ verb, objectRef }) => verb === "delete" && objectRef?.name === "settings",
      );
      assert.equal(entry?.level, "RequestResponse");
    });

    it("rotates the encryption key: old Secrets are encrypted anew and the old key is gone; and scales the nodes", async () => {
      const change = {
        encryption: { generation: 2, resources: ["secrets", "configmaps"] },
        nodes: { kind: "simulated", count: 2 },
      };
      assert.deepEqual(await cluster.diff(change), { encryption: "update", nodes: "update" });
      await cluster.update(change);
      assert.match(await cluster.etcdValue("/registry/secrets/fi-fhir/planted"), /^k8s:enc:secretbox:v1:generation-2:/);
      assert.match(
        await cluster.etcdValue("/registry/configmaps/fi-fhir/settings"),
        /^k8s:enc:secretbox:v1:generation-2:/,
      );
      const configuration = readFileSync(cluster.layout.encryption, "utf8");
      assert.doesNotMatch(configuration, /generation-1|identity/);
      assert.match((await cluster.api("GET", SECRET)).body, new RegExp(Buffer.from(PLANTED).toString("base64")));
      const { items } = (await cluster.api("GET", "/api/v1/nodes")).json<{ items: object[] }>();
      assert.equal(items.length, 2);
    });

    it("chooses another port when somebody else took the API server's meanwhile", async () => {
      const { apiServer } = cluster.ports;
      for (const pid of Object.values(cluster.pids)) process.kill(pid, "SIGKILL");
      await eventually("all to be dead", () =>
        Promise.resolve(findLeftovers(cluster.directory, PROGRAMS).length === 0),
      );
      const intruder = createServer().listen(apiServer, "127.0.0.1");
      try {
        await cluster.update();
        assert.notEqual(cluster.ports.apiServer, apiServer);
        assert.equal(cluster.state.server, `https://127.0.0.1:${cluster.ports.apiServer}`);
        assert.equal((await cluster.api("GET", SECRET)).status, 200);
      } finally {
        intruder.close();
      }
    });

    it("ends with the log of the part that failed, and goes on from there", async () => {
      const rules = [{ level: "Everything" }] as unknown as AuditPolicy["rules"];
      await assert.rejects(cluster.update({ auditPolicy: { ...POLICY, rules } }), (error: Error) => {
        assert.match(
          error.message,
          /^kube-apiserver ended instead of getting ready\.\nThe end of its log .*kube-apiserver\.log:\n/,
        );
        assert.match(error.message, /Unsupported value: \\?"Everything/);
        return true;
      });
      await cluster.update();
      assert.deepEqual(await cluster.diff(), {});
    });
  });

  describe("interrupted create", () => {
    let second: TestCluster;

    before(() => {
      second = root.cluster({ name: "two", auditPolicy: POLICY, nodes: { kind: "simulated", count: 1 } });
    });

    it("leaves no process when it is cancelled", async () => {
      const controller = new AbortController();
      second.onStatus = (message) => {
        if (message === "starting kube-apiserver") setTimeout(() => controller.abort(), 200);
      };
      await assert.rejects(second.create({ signal: controller.signal }), /Cancelled while waiting for kube-apiserver/);
      assert.deepEqual(findLeftovers(second.directory, PROGRAMS), []);
    });

    it("is finished by the next create, beside another cluster, when the plugin was killed", async () => {
      await killedCreate(root.path, await second.check(), "starting kube-controller-manager");
      const orphans = findLeftovers(second.directory, PROGRAMS).map(({ pid }) => pid);
      assert.ok(orphans.length >= 2, `${orphans.length}`);
      await second.create();
      const alive = findLeftovers(second.directory, PROGRAMS).map(({ pid }) => pid);
      assert.deepEqual(new Set(alive), new Set(Object.values(second.pids)));
      assert.equal(alive.length, PROGRAMS.length);
      assert.deepEqual([await second.diff(), await cluster.diff()], [{}, {}]);
      assert.equal((await second.api("GET", SECRET)).status, 404, "it is another cluster");
    });
  });

  describe("refusals", () => {
    it("names a program that is missing and how to get it", async () => {
      const path = process.env.PATH;
      process.env.PATH = "/nowhere";
      try {
        await assert.rejects(cluster.update(), /The program "etcd" is not on PATH\. Run `npm start`/);
      } finally {
        process.env.PATH = path;
      }
    });

    it("names the version that is there when another one is asked for", async () => {
      assert.deepEqual(await cluster.diff({ kubernetesVersion: "1.35.0" }), { kubernetesVersion: "update" });
      await assert.rejects(
        cluster.update({ kubernetesVersion: "1.35.0" }),
        /is version 1\.36\.3, but kubernetesVersion is 1\.35\.0/,
      );
    });

    it("replaces a cluster whose name or directory changes", async () => {
      assert.deepEqual(await cluster.diff({ directory: "elsewhere" }), { directory: "update-replace" });
    });

    it("does not put an empty cluster in the place of one whose data are gone", async () => {
      const aside = `${cluster.layout.etcdData}-aside`;
      renameSync(join(cluster.layout.etcdData, "member"), aside);
      await assert.rejects(
        cluster.diff(),
        /The data of the embedded cluster in .* are gone\. Begin anew: `npm run destroy`/,
      );
      assert.equal(await cluster.read(), undefined);
      renameSync(aside, join(cluster.layout.etcdData, "member"));
      assert.deepEqual(await cluster.diff(), {});
    });

    it("leaves the directory of another stack's cluster alone", async () => {
      const intruder = root.cluster({ name: "three", auditPolicy: POLICY, directory: ".landing-zone/clusters/one" });
      await assert.rejects(intruder.create(), /belongs to another resource \(urn:.*::one\)/);
      assert.deepEqual(await cluster.diff(), {});
    });
  });

  describe("delete", () => {
    it("has shown no key or kubeconfig in messages and logs until now", () => {
      const key = Buffer.from(readFileSync(join(cluster.layout.pki, "user-admin.key"))).toString("base64");
      const texts = [
        ...cluster.messages,
        ...readdirSync(join(cluster.directory, "logs")).map((file) =>
          readFileSync(join(cluster.directory, "logs", file), "utf8"),
        ),
      ];
      for (const hidden of [
        key,
        PLANTED,
        Buffer.from(PLANTED).toString("base64"),
        "PRIVATE KEY",
        encryptionSecret(cluster),
      ]) {
        assert.equal(
          texts.some((text) => text.includes(hidden)),
          false,
        );
      }
      assert.ok(texts.length > 10);
    });

    it("leaves no process, no directory and no listening port, and the other cluster alone", async () => {
      const ports = Object.values(cluster.ports);
      await cluster.delete();
      assert.deepEqual(findLeftovers(cluster.directory, PROGRAMS), []);
      assert.equal(existsSync(cluster.directory), false);
      assert.deepEqual(
        await Promise.all(ports.map(isPortFree)),
        ports.map(() => true),
      );
      assert.equal(await cluster.read(), undefined);
      await cluster.delete(); // again: nothing to do
      const second = Object.values(root.cluster({ name: "two", auditPolicy: POLICY }).pids).filter(
        (pid) => pid !== undefined,
      );
      assert.equal(second.length, PROGRAMS.length);
    });
  });
});
