import assert from "node:assert/strict";
import { symlinkSync } from "node:fs";
import path from "node:path";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as charts from "../../components/charts";
import { CERT_MANAGER, definition, EXTERNAL_SECRETS, project, removeProjects, write } from "../unit/charts/fixtures";

interface Seen {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
  readonly provider: string | undefined;
}

const ESO = {
  chart: "external-secrets",
  values: {
    installCRDs: false,
    image: { tag: "v0.20.4" },
    webhook: { create: false },
    certController: { create: false },
  },
  namespace: "external-secrets",
  kubernetesVersion: "1.36.3",
  override: { path: "eso" },
};

for (const preview of [false, true]) {
  describe(`charts in a program (${preview ? "preview" : "up"})`, () => {
    let seen: Seen[] = [];

    before(async () => {
      const { root } = project();
      symlinkSync(path.join(EXTERNAL_SECRETS, "deploy/charts/external-secrets"), path.join(root, "eso"));
      symlinkSync(path.join(CERT_MANAGER, "deploy/charts/cert-manager"), path.join(root, "cm"));
      write(root, {
        "crds.yaml": [definition("a.example.com", "One"), definition("b.example.com", "Two")].join("---\n"),
      });
      process.env.LANDING_ZONE_ROOT = root;
      // What a call of the provider would answer is not known here: a chart that makes one fails.
      const call = (args: pulumi.runtime.MockCallArgs) => {
        throw new Error(`unexpected call of ${args.token}`);
      };
      const newResource = ({ type, name, inputs, provider, id }: pulumi.runtime.MockResourceArgs) => {
        seen.push({ type, name, inputs: inputs as Record<string, unknown>, provider });
        return { id: id ?? `${name}-id`, state: inputs as Record<string, unknown> };
      };
      await pulumi.runtime.setMocks({ call, newResource }, "fhir-landing-zone", "test", preview);
    });
    beforeEach(() => (seen = []));
    after(() => {
      delete process.env.LANDING_ZONE_ROOT;
      removeProjects();
    });

    const urnOf = (resource: pulumi.Resource) => new Promise<string>((resolve) => resource.urn.apply(resolve));

    /** Waits until the mocks have seen all of a component's children. */
    async function settled(component: { objects: charts.RenderedChart["objects"] }): Promise<string[]> {
      return Promise.all(component.objects.map(({ resource }) => urnOf(resource)));
    }

    it("registers every object as a plain child with its own type", async () => {
      const provider = new kubernetes.Provider("cluster", { kubeconfig: pulumi.secret("unknown yet") });
      const chart = new charts.RenderedChart("eso", ESO, { provider });
      const urns = await settled(chart);
      const children = seen.filter(({ name }) => name.startsWith("eso-"));
      assert.equal(children.length, chart.objects.length);
      const types = new Set(children.map(({ type }) => type));
      assert.ok(types.has("kubernetes:apps/v1:Deployment"));
      assert.ok(types.has("kubernetes:rbac.authorization.k8s.io/v1:ClusterRole"));
      for (const urn of urns) assert.match(urn, /::fhir-landing-zone:charts:RenderedChart\$kubernetes:/);
      const deployment = children.find(({ type }) => type === "kubernetes:apps/v1:Deployment");
      assert.equal(deployment?.name, "eso-deployment-external-secrets/external-secrets");
      const metadata = deployment.inputs.metadata as { namespace: string };
      assert.equal(metadata.namespace, "external-secrets");
      const providerUrn = await urnOf(provider);
      for (const child of children)
        assert.ok(child.provider?.startsWith(providerUrn), `${child.name}: ${String(child.provider)}`);
    });

    it("says what it rendered, so that policies and people can see it", async () => {
      const chart = new charts.RenderedChart("shown", ESO);
      await settled(chart);
      const component = seen.find(({ name }) => name === "shown");
      assert.equal(component?.type, "fhir-landing-zone:charts:RenderedChart");
    });

    it("hands out resources by kind and name", async () => {
      const chart = new charts.RenderedChart("handed", ESO);
      assert.match(await urnOf(chart.get("Deployment", "external-secrets")), /apps\/v1:Deployment::handed-deployment/);
      assert.throws(() => chart.get("Deployment", "nothing"), /it has: .*Deployment\/external-secrets/);
    });

    it("registers nothing when anything is wrong", async () => {
      assert.throws(
        () =>
          new charts.RenderedChart("wrong", {
            ...ESO,
            values: { replicaCount: -1, nonsense: pulumi.output(1) as never },
          }),
        /values\.nonsense is not a plain value/,
      );
      assert.throws(
        () => new charts.RenderedChart("wrong", { ...ESO, values: { replicaCount: "many" } }),
        /do not fit the chart's schema/,
      );
      assert.throws(
        () => new charts.RenderedChart("wrong", { ...ESO, override: { path: "nowhere" } }),
        /no folder with a Chart\.yaml/,
      );
      assert.throws(() => new charts.CustomResourceDefinitions("wrong", { source: "nowhere.yaml" }), /does not exist/);
      await new Promise((resolve) => setTimeout(resolve, 50));
      assert.deepEqual(seen, []);
    });

    it("registers custom kinds as custom resources and definitions before them", async () => {
      const cm = {
        chart: "cert-manager",
        values: { crds: { enabled: true }, startupapicheck: { enabled: false } },
        namespace: "cert-manager",
        kubernetesVersion: "1.36",
        override: { path: "cm" },
      };
      const chart = new charts.RenderedChart("cm", cm);
      await settled(chart);
      const kinds = chart.objects.map(({ object }) => object.kind);
      assert.equal(kinds[0], "CustomResourceDefinition");
      assert.ok(
        kinds.lastIndexOf("CustomResourceDefinition") < kinds.findIndex((kind) => kind !== "CustomResourceDefinition"),
      );
      const only = new charts.RenderedChart("crds", { ...cm, only: ({ kind }) => kind === "CustomResourceDefinition" });
      await settled(only);
      assert.deepEqual(
        [...new Set(seen.filter(({ name }) => name.startsWith("crds-")).map(({ type }) => type))],
        ["kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition"],
      );
    });

    it("registers definitions from a file, without their prose", async () => {
      const crds = new charts.CustomResourceDefinitions("extra", { source: "crds.yaml", kinds: ["Two"] });
      const [urn] = await settled(crds);
      assert.match(
        urn ?? "",
        /charts:CustomResourceDefinitions\$kubernetes:apiextensions\.k8s\.io\/v1:CustomResourceDefinition::extra-customresourcedefinition-twos\.b\.example\.com$/,
      );
      const child = seen.find(({ name }) => name.startsWith("extra-"));
      assert.ok(!JSON.stringify(child?.inputs).includes("prose"));
      assert.equal(crds.definitions.length, 1);
    });
  });
}
