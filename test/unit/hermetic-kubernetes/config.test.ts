import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { diffOptions } from "../../../hermetic/kubernetes/config/diff";
import { loadKubeconfig } from "../../../hermetic/kubernetes/config/kubeconfig";
import { checkOptions, readOptions } from "../../../hermetic/kubernetes/config/options";
import { secret, UNKNOWN } from "../../../hermetic/protocol/values";

const kubeconfig = (server: string, token = "a-token", name = "one") =>
  JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [
      { name, cluster: { server } },
      { name: "other", cluster: { server: "https://other:1" } },
    ],
    users: [{ name: "me", user: { token } }],
    contexts: [{ name: "here", context: { cluster: name, user: "me", namespace: "team" } }],
    "current-context": "here",
  });
const load = (content: string | undefined, more = {}) =>
  loadKubeconfig({ kubeconfig: content, context: undefined, cluster: undefined, ...more });

describe("provider options", () => {
  it("are read plain, JSON-encoded and secret", () => {
    for (const yes of [true, "true"]) {
      const options = readOptions({
        kubeconfig: secret("x"),
        deleteUnreachable: yes,
        enablePatchForce: yes,
        namespace: "true",
      });
      assert.deepEqual(
        [options.deleteUnreachable, options.patchForce, options.namespace, options.kubeconfig],
        [true, true, "true", "x"],
      );
    }
    const options = readOptions({
      enableConfigMapMutable: "false",
      kubeClientSettings: '{"timeout":7}',
      kubeconfig: { a: 1 },
    });
    assert.deepEqual(
      [options.configMapsMutable, options.secretsMutable, options.requestTimeout, options.kubeconfig],
      [false, true, 7, '{"a":1}'],
    );
  });

  it("may be unknown at preview", () => {
    const inputs = { kubeconfig: UNKNOWN, context: UNKNOWN };
    assert.deepEqual(checkOptions(inputs), []);
    assert.equal(readOptions(inputs).kubeconfigUnknown, true);
  });

  it("never show a kubeconfig that is none", () => {
    assert.deepEqual(
      checkOptions({ kubeconfig: true }).map(({ property }) => property),
      [""],
    );
    assert.ok(!JSON.stringify(checkOptions({ kubeconfig: 42 })).includes("42"));
  });

  it("that this plugin has not are refused, unless they are off", () => {
    assert.deepEqual(
      checkOptions({ upsertExistingObjects: "false", enableServerSideApply: "true", version: "4.34.2" }),
      [],
    );
    const wrong: [object, RegExp][] = [
      [{ enableServerSideApply: "false" }, /server-side apply only/],
      [{ renderYamlToDirectory: "/tmp/x" }, /not supported/],
      [{ upsertExistingObjects: "true" }, /never taken over silently/],
      [{ skipUpdateUnreachable: true }, /not supported/],
      [{ helmReleaseSettings: '{"driver":"secret"}' }, /RenderedChart/],
      [{ kubeClientSettings: '{"burst":10}' }, /kubeClientSettings.burst is not supported/],
      [{ deleteUnreachable: "maybe" }, /"maybe"; allowed: true, false/],
      [{ kubeConfig: "x" }, /there is no provider option "kubeConfig"; allowed: kubeconfig/],
      [{ namespace: 3 }, /must be a string/],
    ];
    for (const [inputs, reason] of wrong) {
      const failures = checkOptions(inputs as Parameters<typeof checkOptions>[0]);
      assert.equal(failures.length, 1, JSON.stringify(inputs));
      assert.match(failures[0]?.reason ?? "", reason);
    }
  });
});

describe("a kubeconfig", () => {
  it("is content or a path", () => {
    assert.equal(load(kubeconfig("https://a:1")).getCurrentCluster()?.server, "https://a:1");
    const folder = mkdtempSync(path.join(tmpdir(), "kubeconfig-"));
    try {
      const file = path.join(folder, "config");
      writeFileSync(file, kubeconfig("https://b:2"));
      assert.equal(load(file).getCurrentCluster()?.server, "https://b:2");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("yields to context and cluster", () => {
    assert.equal(load(kubeconfig("https://a:1"), { cluster: "other" }).getCurrentCluster()?.server, "https://other:1");
    assert.throws(
      () => load(kubeconfig("https://a:1"), { context: "there" }),
      /context "there" is not in the kubeconfig: contexts: here/,
    );
  });

  it("that is none gives an error without its content", () => {
    assert.throws(
      () => load("apiVersion: v1\ntoken: [hunter2"),
      (error: Error) => error.message.includes("is not a kubeconfig") && !error.message.includes("hunter2"),
    );
    assert.throws(() => load("/nowhere/at/all"), /there is no kubeconfig file \/nowhere\/at\/all/);
  });
});

describe("a changed provider", () => {
  const diff = (before: object, after: object) => diffOptions(before as never, after as never).changes;

  it("is the same while it leads to the same cluster", () => {
    assert.deepEqual(
      diff({ kubeconfig: kubeconfig("https://a:1") }, { kubeconfig: secret(kubeconfig("https://a:1")) }),
      {},
    );
    assert.deepEqual(
      diff({ kubeconfig: kubeconfig("https://a:1") }, { kubeconfig: kubeconfig("https://a:1", "rotated") }),
      { kubeconfig: "update" },
    );
    assert.deepEqual(diff({ namespace: "a" }, { namespace: "b" }), { namespace: "update" });
  });

  it("is another one when it leads to another cluster", () => {
    assert.deepEqual(diff({ kubeconfig: kubeconfig("https://a:1") }, { kubeconfig: kubeconfig("https://b:1") }), {
      kubeconfig: "update-replace",
    });
    assert.deepEqual(
      diff({ kubeconfig: kubeconfig("https://a:1") }, { kubeconfig: kubeconfig("https://a:1"), cluster: "other" }),
      { cluster: "update-replace" },
    );
  });

  it("goes by clusterIdentifier when there is one", () => {
    const [a, b] = [kubeconfig("https://a:1"), kubeconfig("https://proxy:1")];
    assert.deepEqual(diff({ kubeconfig: a, clusterIdentifier: "x" }, { kubeconfig: b, clusterIdentifier: "x" }), {
      kubeconfig: "update",
    });
    assert.deepEqual(diff({ kubeconfig: a, clusterIdentifier: "x" }, { kubeconfig: a, clusterIdentifier: "y" }), {
      clusterIdentifier: "update-replace",
    });
  });

  it("is not replaced because its kubeconfig is not known yet", () => {
    assert.deepEqual(diff({ kubeconfig: kubeconfig("https://a:1") }, { kubeconfig: UNKNOWN }), {
      kubeconfig: "update",
    });
  });
});
