import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { directoryDigest, renderChart, type PlainObject } from "../../../components/charts";
import { ArgumentError } from "../../../components/argumentError";
import {
  CERT_MANAGER,
  configMap,
  definition,
  EXTERNAL_SECRETS,
  project,
  removeProjects,
  tiny,
  write,
} from "./fixtures";

const VALUES_SCHEMA = JSON.stringify({
  type: "object",
  properties: { replicas: { type: "integer" } },
  additionalProperties: true,
});
const GOOD = {
  "values.yaml": "replicas: 1\n",
  "values.schema.json": VALUES_SCHEMA,
  "crds/widget.yaml": definition("example.com", "Widget"),
  "templates/a.yaml": configMap(
    "zeta",
    'data: { replicas: "{{ .Values.replicas }}", version: "{{ .Capabilities.KubeVersion.Version }}", release: "{{ .Release.Name }}" }',
  ),
  "templates/b.yaml": "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: extra\n",
  "templates/c.yaml": "apiVersion: example.com/v1\nkind: Widget\nmetadata:\n  name: one\n",
  "templates/d.yaml": `apiVersion: v1\nkind: List\nitems:\n- ${configMap("alpha").replaceAll("\n", "\n  ").trimEnd()}\n`,
  "templates/e.yaml":
    "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata:\n  name: reader\nrules: []\n",
};

const titles = (rendering: ReturnType<typeof renderChart>) =>
  rendering.objects.map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? "-"}/${metadata.name}`);

/** The one error that a rendering ends with. */
function errorOf(run: () => unknown): ArgumentError {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof ArgumentError, String(error));
    assert.ok(error.details.allowed.length > 0 && error.details.fix.length > 0);
    return error;
  }
  return assert.fail("no error");
}

describe("renderChart", () => {
  after(removeProjects);

  it("gives plain objects: definitions first, namespaces next, with the namespace they need", () => {
    const [args, context] = tiny(GOOD, { values: { replicas: 3 }, releaseName: "r" });
    const rendering = renderChart(args, context);
    assert.deepEqual(titles(rendering), [
      "CustomResourceDefinition -/widgets.example.com",
      "Namespace -/extra",
      "ConfigMap apps/alpha",
      "ConfigMap apps/zeta",
      "Widget apps/one",
      "ClusterRole -/reader",
    ]);
    const zeta = rendering.objects.find(({ metadata }) => metadata.name === "zeta");
    assert.deepEqual(zeta?.data, { replicas: "3", version: "v1.36.3", release: "r" });
  });

  it("is the same each time, from the cache or not", () => {
    const [args, context] = tiny(GOOD);
    const [second, other] = tiny(GOOD);
    const first = renderChart(args, context);
    assert.deepEqual(renderChart(args, context), first);
    assert.deepEqual(renderChart(second, other), first);
  });

  it("caches by content: without helm, until something changes", () => {
    const [args, context] = tiny(GOOD);
    const first = renderChart(args, context);
    const rendered = path.join(context.root, ".landing-zone/charts-cache/objects");
    const [file = ""] = readdirSync(rendered);
    assert.equal(statSync(path.join(rendered, file)).mode & 0o777, 0o600);
    writeFileSync(path.join(rendered, file), readFileSync(path.join(rendered, file), "utf8").replace("zeta", "evil"));
    assert.deepEqual(renderChart(args, context), first, "a tampered entry is not used");
    for (const change of [
      { values: { replicas: 2 } },
      { kubernetesVersion: "1.35" },
      { namespace: "other" },
      { includeCrds: false, scopes: { "example.com/Widget": "Namespaced" } } as const,
      { apiVersions: ["x/v1"] },
    ]) {
      const before = readdirSync(rendered).length;
      renderChart({ ...args, ...change }, context);
      assert.equal(readdirSync(rendered).length, before + 1, JSON.stringify(change));
    }
  });

  it("leaves nothing behind but the cache", () => {
    const [args, context] = tiny(GOOD);
    renderChart(args, context);
    assert.deepEqual(readdirSync(path.join(context.root, ".landing-zone/charts-cache/work")), []);
  });

  it("keeps what `only` says, and the crds folder if wanted", () => {
    const [args, context] = tiny(GOOD);
    const only = renderChart({ ...args, only: ({ kind }) => kind === "CustomResourceDefinition" }, context);
    assert.deepEqual(titles(only), ["CustomResourceDefinition -/widgets.example.com"]);
    const scopes = { "example.com/Widget": "Namespaced" } as const;
    assert.ok(
      !titles(renderChart({ ...args, includeCrds: false, scopes }, context)).some((title) =>
        title.startsWith("Custom"),
      ),
    );
  });

  it("reads YAML as Kubernetes does", () => {
    const data = "spec: { mode: 0644, on: yes, date: 2024-01-01, time: 12:30, text: 'yes', big: 1e3 }\n";
    const [args, context] = tiny({ "templates/a.yaml": configMap("a", data) });
    assert.deepEqual(renderChart(args, context).objects[0]?.spec, {
      mode: 420,
      true: true,
      date: "2024-01-01",
      time: "12:30",
      text: "yes",
      big: 1000,
    });
  });

  it("is not changed by the user's own helm settings", () => {
    const [args, context] = tiny({ "templates/a.yaml": configMap("a-{{ .Release.Namespace }}") });
    process.env.HELM_NAMESPACE = "hijacked";
    try {
      assert.deepEqual(titles(renderChart(args, context)), ["ConfigMap apps/a-apps"]);
    } finally {
      delete process.env.HELM_NAMESPACE;
    }
  });

  describe("refuses, with one error that says what to do,", () => {
    it("a chart that is not in the catalogue", () => {
      const error = errorOf(() =>
        renderChart({ chart: "external-secret", values: {}, namespace: "a", kubernetesVersion: "1.36" }),
      );
      assert.match(error.details.allowed, /external-secrets/);
    });

    it("a folder whose content changed", () => {
      const [args, context] = tiny(GOOD);
      write(path.join(context.root, "tiny"), { "templates/a.yaml": configMap("evil") });
      const error = errorOf(() => renderChart(args, context));
      assert.match(error.message, /does not fit its folder/);
      assert.match(error.details.fix, new RegExp(directoryDigest(path.join(context.root, "tiny"))));
      assert.match(error.details.fix, /fhir-landing-zone:charts\.tiny\.digest/);
    });

    it("a folder that nobody pinned, until the configuration does", () => {
      const [args, context] = tiny(GOOD);
      const { tiny: entry } = context.catalogue;
      const unpinned = { ...context, catalogue: { tiny: { ...entry, folder: undefined } } } as typeof context;
      assert.match(errorOf(() => renderChart(args, unpinned)).message, /no digest is pinned/);
      const digest = directoryDigest(path.join(context.root, "tiny"));
      assert.ok(renderChart({ ...args, override: { path: "tiny", digest } }, unpinned).objects.length > 0);
    });

    it("a folder that is not there", () => {
      const [args, context] = tiny(GOOD, { override: { path: ".landing-zone/sources/charts/tiny" } });
      assert.match(errorOf(() => renderChart(args, context)).details.fix, /npm run tools/);
    });

    it("a folder with another chart or version", () => {
      const [args, context] = tiny({ ...GOOD, "Chart.yaml": "apiVersion: v2\nname: tiny\nversion: 9.9.9\n" });
      assert.match(
        errorOf(() => renderChart(args, context)).message,
        /holds another chart.*tiny 9\.9\.9.*tiny 1\.2\.3/,
      );
    });

    it("a link in a folder", () => {
      const [args, context] = tiny(GOOD);
      symlinkSync("/etc/hostname", path.join(context.root, "tiny/templates/link.yaml"));
      assert.match(
        errorOf(() => renderChart(args, context)).message,
        /templates\/link\.yaml is neither a file nor a folder/,
      );
    });

    it("an archive without a digest", () => {
      const [args, context] = tiny(GOOD, { override: {} });
      assert.match(
        errorOf(() => renderChart(args, context)).message,
        /no digest is pinned for version 1\.2\.3 from https:\/\/charts\.example\.com/,
      );
    });

    it("values that the chart's schema rejects, in helm's words", () => {
      const [args, context] = tiny(GOOD, { values: { replicas: "three" } });
      const error = errorOf(() => renderChart(args, context));
      assert.match(error.message, /do not fit the chart's schema/);
      assert.match(error.message, /\/replicas.*got string, want integer/);
    });

    it("values that a template can't use, in helm's words", () => {
      const [args, context] = tiny({ "templates/a.yaml": configMap('{{ required "give a title" .Values.title }}') });
      assert.match(errorOf(() => renderChart(args, context)).message, /give a title/);
    });

    it("a cluster that the chart is not made for", () => {
      const [args, context] = tiny({
        ...GOOD,
        "Chart.yaml": 'apiVersion: v2\nname: tiny\nversion: 1.2.3\nkubeVersion: ">=1.40.0"\n',
      });
      assert.match(errorOf(() => renderChart(args, context)).message, /kubeVersion: >=1\.40\.0/);
    });

    it("a missing helm", () => {
      const [args, context] = tiny(GOOD);
      assert.match(
        errorOf(() => renderChart(args, { ...context, helm: "no-such-helm" })).message,
        /helm is not on PATH/,
      );
    });

    it("a chart that makes up a certificate or a password, naming the objects", () => {
      const [args, context] = tiny({
        ...GOOD,
        "templates/cert.yaml":
          'apiVersion: v1\nkind: Secret\nmetadata:\n  name: webhook-tls\nstringData:\n  ca: {{ (genCA "ca" 1).Cert | quote }}\n',
        "templates/pass.yaml":
          "apiVersion: v1\nkind: Secret\nmetadata:\n  name: admin\nstringData:\n  password: {{ randAlphaNum 20 }}\n",
      });
      const error = errorOf(() => renderChart(args, context));
      assert.deepEqual([...(error.details.given as string[])].sort(), ["Secret/admin", "Secret/webhook-tls"]);
      assert.ok(
        !existsSync(path.join(context.root, ".landing-zone/charts-cache/objects")) ||
          readdirSync(path.join(context.root, ".landing-zone/charts-cache/objects")).length === 0,
      );
    });

    it("objects without a name, and what is no object", () => {
      const [args, context] = tiny({
        "templates/a.yaml": "apiVersion: v1\nkind: Pod\nmetadata:\n  generateName: x-\n",
      });
      assert.match(errorOf(() => renderChart(args, context)).message, /has no metadata\.name/);
      const [other, elsewhere] = tiny({ "templates/a.yaml": "just: data\n" });
      assert.match(errorOf(() => renderChart(other, elsewhere)).message, /is no Kubernetes object/);
    });

    it("the same object twice", () => {
      const [args, context] = tiny({
        "templates/a.yaml": configMap("a"),
        "templates/b.yaml": configMap("a", "  namespace: apps"),
      });
      assert.match(errorOf(() => renderChart(args, context)).message, /ConfigMap\/a is there twice/);
    });

    it("a custom kind of which nobody knows whether it has a namespace", () => {
      const [args, context] = tiny({
        "templates/a.yaml": "apiVersion: example.com/v1\nkind: Gadget\nmetadata:\n  name: g\n",
      });
      assert.match(errorOf(() => renderChart(args, context)).message, /scopes\["example\.com\/Gadget"\] is needed/);
      const known = renderChart({ ...args, scopes: { "example.com/Gadget": "Cluster" } }, context);
      assert.deepEqual(titles(known), ["Gadget -/g"]);
    });

    for (const [title, value, given] of [
      ["an Output", pulumi.output("x"), "an Output"],
      ["a secret", pulumi.secret("x"), "an Output"],
      ["a Promise", Promise.resolve("x"), "a Promise"],
      ["a function", () => "x", "a function"],
      ["not a number", Number.NaN, "a number"],
      ["a date", new Date(0), "a object"],
    ] as const) {
      it(`values with ${title}`, () => {
        const [args, context] = tiny(GOOD, { values: { a: { b: [value] } } as unknown as PlainObject });
        const error = errorOf(() => renderChart(args, context));
        assert.equal(error.details.argument, "values.a.b[0]");
        assert.equal(error.details.given, given);
      });
    }
  });

  describe("helm hooks", () => {
    const HOOKS = {
      "templates/job.yaml":
        "apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: migrate\n  annotations:\n    helm.sh/hook: pre-install,pre-upgrade\n    helm.sh/hook-weight: '1'\n    keep: me\n",
      "templates/test.yaml":
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: try\n  annotations:\n    helm.sh/hook: test\n",
      "templates/a.yaml": configMap("a"),
    };

    it("are an error unless each is dealt with", () => {
      const [args, context] = tiny(HOOKS);
      assert.match(
        errorOf(() => renderChart(args, context)).message,
        /nothing about Job\/migrate \(pre-install, pre-upgrade\), Pod\/try \(test\)/,
      );
      assert.match(
        errorOf(() => renderChart({ ...args, hooks: { test: "drop" } }, context)).message,
        /says nothing about Job\/migrate/,
      );
    });

    it("are dropped or made resources, by name or by moment", () => {
      const [args, context] = tiny(HOOKS);
      const { objects } = renderChart({ ...args, hooks: { test: "drop", "Job/migrate": "resource" } }, context);
      assert.deepEqual(objects.map(({ kind }) => kind).sort(), ["ConfigMap", "Job"]);
      assert.deepEqual(objects.find(({ kind }) => kind === "Job")?.metadata.annotations, { keep: "me" });
    });

    it("that are gone are an error, too", () => {
      const [args, context] = tiny(HOOKS);
      const hooks = { test: "drop", "Job/migrate": "drop", "Job/old": "drop" } as const;
      assert.match(errorOf(() => renderChart({ ...args, hooks }, context)).message, /does not render.*Job\/old/);
    });
  });

  describe("subcharts that a source tree leaves out", () => {
    const OPTIONAL = {
      ...GOOD,
      "Chart.yaml":
        "apiVersion: v2\nname: tiny\nversion: 1.2.3\ndependencies:\n- name: sub\n  version: 1.0.0\n  repository: oci://example.com/charts\n  condition: sub.enabled\n",
      "Chart.lock": "dependencies: []\n",
      "values.yaml": "sub:\n  enabled: false\n",
    };
    const without = () => {
      const [args, context] = tiny(OPTIONAL);
      const { tiny: entry } = context.catalogue;
      return [
        args,
        { ...context, catalogue: { tiny: { ...entry, withoutDependencies: ["sub"] } } } as typeof context,
      ] as const;
    };

    it("must be named", () => {
      const [args, context] = tiny(OPTIONAL);
      assert.match(errorOf(() => renderChart(args, context)).message, /missing in charts\/ directory: sub/);
      assert.ok(renderChart(...without()).objects.length > 0);
    });

    it("can't be switched on", () => {
      const [args, context] = without();
      const error = errorOf(() => renderChart({ ...args, values: { sub: { enabled: true } } }, context));
      assert.equal(error.details.argument, "values.sub.enabled");
    });
  });

  describe("charts from a repository", () => {
    /** A project with `tiny` in a folder-like repository: a fake helm whose `pull` copies a packaged archive. */
    function packaged(digestOf: (real: string) => string) {
      const [args, context] = tiny(GOOD, { override: {} });
      execFileSync("helm", ["package", path.join(context.root, "tiny"), "--destination", context.root]);
      const archive = path.join(context.root, "tiny-1.2.3.tgz");
      const real = `sha256:${execFileSync("sha256sum", [archive], { encoding: "utf8" }).slice(0, 64)}`;
      const fake = path.join(context.root, "helm");
      writeFileSync(
        fake,
        `#!/bin/sh\nif [ "$1" = pull ]; then echo "$@" >> ${context.root}/pulls; for last; do :; done; cp ${archive} "$last"; else exec helm "$@"; fi\n`,
        { mode: 0o755 },
      );
      const { tiny: entry } = context.catalogue;
      const catalogue = { tiny: { ...entry, digest: digestOf(real) } } as typeof context.catalogue;
      return { args, context: { ...context, helm: fake, catalogue }, pulls: path.join(context.root, "pulls") };
    }

    it("are pulled once, compared and rendered like a folder", () => {
      const { args, context, pulls } = packaged((real) => real);
      const rendering = renderChart(args, context);
      assert.deepEqual(
        renderChart({ ...args, values: { replicas: 2 } }, context).objects.length,
        rendering.objects.length,
      );
      const [folderArgs, folder] = tiny(GOOD);
      assert.deepEqual(rendering.objects, renderChart(folderArgs, folder).objects);
      assert.match(
        readFileSync(pulls, "utf8"),
        /^pull tiny --repo https:\/\/charts\.example\.com --version 1\.2\.3 --destination \S+\n$/,
      );
    });

    it("are not used with a wrong digest", () => {
      const { args, context } = packaged(() => `sha256:${"0".repeat(64)}`);
      assert.match(errorOf(() => renderChart(args, context)).message, /does not fit its archive/);
      assert.deepEqual(readdirSync(path.join(context.root, ".landing-zone/charts-cache/archives")), []);
    });

    it("are pulled from oci by their full name", () => {
      const { args, context, pulls } = packaged((real) => real);
      const override = { repository: "oci://ghcr.example.com/charts", digest: context.catalogue.tiny?.digest };
      renderChart({ ...args, override }, context);
      assert.match(readFileSync(pulls, "utf8"), /^pull oci:\/\/ghcr\.example\.com\/charts\/tiny --version/);
    });

    it("that can't be had say so in helm's words", () => {
      const { args, context } = packaged((real) => real);
      const unreachable = { repository: "https://127.0.0.1:9", digest: `sha256:${"1".repeat(64)}` };
      const error = errorOf(() => renderChart({ ...args, override: unreachable }, { ...context, helm: "helm" }));
      assert.match(error.message, /no version 1\.2\.3 to be had: .*127\.0\.0\.1:9/);
    });
  });

  it("renders the cert-manager chart of the Go module, whose hooks must be dealt with", () => {
    const context = project();
    symlinkSync(path.join(CERT_MANAGER, "deploy/charts/cert-manager"), path.join(context.root, "cm"));
    const args = {
      chart: "cert-manager",
      values: { crds: { enabled: true } },
      namespace: "cert-manager",
      kubernetesVersion: "1.36",
      override: { path: "cm" },
    };
    assert.match(
      errorOf(() => renderChart(args, context)).message,
      /Job\/cert-manager-startupapicheck \(post-install\)/,
    );
    const { objects } = renderChart({ ...args, hooks: { "post-install": "drop" } }, context);
    assert.equal(objects.filter(({ kind }) => kind === "Deployment").length, 3);
    assert.ok(!JSON.stringify(objects).includes("helm.sh/hook"));
  });

  it("renders the External Secrets chart of the Go module", () => {
    const context = project();
    symlinkSync(path.join(EXTERNAL_SECRETS, "deploy/charts/external-secrets"), path.join(context.root, "eso"));
    const args = {
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
    const { objects } = renderChart(args, context);
    const deployment = objects.find(({ kind }) => kind === "Deployment");
    assert.equal(deployment?.metadata.namespace, "external-secrets");
    assert.match(JSON.stringify(deployment.spec), /external-secrets:v0\.20\.4/);
    assert.ok(objects.some(({ kind }) => kind === "ClusterRole"));
    const bitwarden = { ...args, values: { ...args.values, "bitwarden-sdk-server": { enabled: true } } };
    assert.match(
      errorOf(() => renderChart(bitwarden, context)).message,
      /switches on the subchart bitwarden-sdk-server/,
    );
  });
});
