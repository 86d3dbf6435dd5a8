import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { loadConfig, readStackConfig } from "../../../config/index";
import { dev, local, prod, secret, set, STACKS, stackSource } from "./fixtures";

describe("committed stack files", () => {
  it("are all tested here", () => {
    const files = readdirSync(".").filter((file) => /^Pulumi\..+\.yaml$/.test(file));
    assert.deepEqual(files.sort(), STACKS.map((stack) => `Pulumi.${stack}.yaml`).sort());
  });

  for (const stack of STACKS) {
    it(`${stack} is valid, and its kind is its name`, () => {
      const config = loadConfig(stackSource(stack));
      assert.equal(config.kind, stack);
      assert.equal(config.stack, stack);
    });

    it(`${stack} says nothing that is the default anyway`, () => {
      const source = stackSource(stack);
      const config = JSON.stringify(loadConfig(source));
      const leaves = (value: unknown, path: string): string[] =>
        typeof value === "object" && value !== null
          ? Object.entries(value).flatMap(([key, inner]) => leaves(inner, `${path}.${key}`))
          : [path];
      for (const path of Object.entries(source.values).flatMap(([key, value]) => leaves(value, key))) {
        if (/\.\d+$/.test(path)) continue; // an entry of a list
        let without: string | undefined;
        try {
          without = JSON.stringify(loadConfig(set(source, path, undefined)));
        } catch {
          continue; // needed
        }
        assert.notEqual(without, config, `${path} is the default`);
      }
    });
  }

  it("fills in defaults", () => {
    const config = loadConfig(local());
    assert.deepEqual(config.cluster, {
      provider: "embedded",
      name: "local",
      kubernetesVersion: "1.36.3",
      nodes: { kind: "simulated", count: 3 },
    });
    assert.equal(config.systems.fiFhir?.replicas, 2);
    assert.equal(config.systems.fiFhir.database.kind, "in-cluster");
    assert.equal(config.systems.fiFhir.internalIssuer, "internal-ca");
    assert.equal(config.mesh.gateway.serviceAccount, "istio-ingressgateway");
    assert.equal(config.monitoring.namespace, "monitoring");
  });

  it("prod is private, protected and pinned", () => {
    const { cluster, vault, images, policy } = loadConfig(prod());
    assert.ok(cluster.provider === "gke" && cluster.privateEndpoint && cluster.deletionProtection);
    assert.equal(vault?.provider, "external");
    assert.ok(Object.values(images).every((image) => image.includes("@sha256:")));
    assert.equal(policy.stackKind, "prod");
  });

  it("warns of each placeholder that was not replaced", () => {
    const { warnings } = loadConfig(prod());
    for (const key of [
      "gcp:project",
      "images.fiFhir",
      "systems.fiFhir.host",
      "vault.server",
      "cluster.projectNumber",
    ]) {
      assert.ok(
        warnings.some((warning) => warning.includes(key)),
        `${key} in ${warnings.join("\n")}`,
      );
    }
    const replaced = set(prod(), "gcp:project", "acme-health");
    assert.ok(!loadConfig(replaced).warnings.some((warning) => warning.includes("gcp:project")));
  });
});

describe("a loaded configuration", () => {
  it("can't be changed", () => {
    const config = loadConfig(prod()) as { cluster: { labels: Record<string, string> } };
    assert.throws(() => (config.cluster.labels.added = "later"), TypeError);
  });

  it("is the same for the same source, which stays as it was", () => {
    const source = prod();
    const before = JSON.stringify(source);
    assert.deepEqual(loadConfig(source), loadConfig(source));
    assert.equal(JSON.stringify(source), before);
  });

  it("says which secrets are set and holds none", () => {
    const source = secret(set(dev(), "cluster.stackReference", undefined), "kubeconfig", "vaultToken");
    assert.deepEqual(loadConfig(source).secrets, { kubeconfig: true, vaultToken: true });
  });

  it("reports all problems in one error, also between sections that are valid", () => {
    const source = set(set(set(prod(), "mesh.revison", "x"), "gcp:region", "europe-west3"), "cluster.labels.A", "B C");
    assert.throws(
      () => loadConfig(source),
      (error: Error) => {
        assert.match(error.message, /2 problems/); // the region can't be compared while cluster is wrong
        assert.match(error.message, /mesh\.revison is not a known key/);
        assert.match(error.message, /cluster\.labels\.A is not a label value/);
        return true;
      },
    );
  });

  it("takes the engine's own settings for what they are", () => {
    assert.doesNotThrow(() => loadConfig(set(prod(), "pulumi:disable-default-providers", ["*"])));
  });
});

describe("readStackConfig", () => {
  const KEYS = ["PULUMI_CONFIG", "PULUMI_CONFIG_SECRET_KEYS"];
  afterEach(() => {
    for (const key of KEYS) Reflect.deleteProperty(process.env, key);
  });

  it("hands over secrets as secret Outputs and everything else as plain values", async () => {
    const source = set(dev(), "cluster.stackReference", undefined);
    const engine = Object.fromEntries(
      Object.entries(source.values).map(([key, value]) => [
        key,
        typeof value === "string" ? value : JSON.stringify(value),
      ]),
    );
    await pulumi.runtime.setMocks(
      { newResource: () => ({ id: "", state: {} }), call: () => ({}) },
      "fhir-landing-zone",
      "dev",
    );
    pulumi.runtime.setAllConfig({ ...engine, "fhir-landing-zone:kubeconfig": "planted-kubeconfig" }, [
      "fhir-landing-zone:kubeconfig",
    ]);
    const { config, secrets } = readStackConfig();
    assert.equal(config.cluster.provider, "existing");
    assert.ok(!JSON.stringify(config).includes("planted"));
    assert.equal(secrets.vaultToken, undefined);
    assert.equal(await pulumi.isSecret(secrets.kubeconfig as never), true);
    const value = await new Promise((resolve) => secrets.kubeconfig?.apply(resolve));
    assert.equal(value, "planted-kubeconfig");
  });
});
