import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import path from "node:path";
import { stringify } from "yaml";
import { directoryDigest, pinnedCharts, type RenderChartArgs } from "../../../components/charts";
import type { Catalogue } from "../../../components/charts/catalogue";
import type { RenderContext } from "../../../components/charts/context";

export const GO_MODULES =
  process.env.GOMODCACHE ?? path.join(process.env.GOPATH ?? path.join(homedir(), "go"), "pkg", "mod");
export const CERT_MANAGER = path.join(GO_MODULES, "github.com/cert-manager/cert-manager@v1.21.2");
export const EXTERNAL_SECRETS = path.join(GO_MODULES, "github.com/external-secrets/external-secrets@v0.20.4");

const roots: string[] = [];

/** A project folder of its own, with the pinned catalogue unless told otherwise. */
export function project(catalogue: Catalogue = pinnedCharts()): RenderContext {
  const root = mkdtempSync(path.join(tmpdir(), "charts-"));
  roots.push(root);
  return { root, helm: "helm", catalogue };
}

export function removeProjects(): void {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true, force: true });
}

export function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), content);
  }
}

export const configMap = (name: string, extra = "") =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n${extra}`;

export const definition = (group: string, kind: string, scope = "Namespaced") =>
  stringify({
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${kind.toLowerCase()}s.${group}`, creationTimestamp: null },
    spec: {
      group,
      scope,
      names: { kind, plural: `${kind.toLowerCase()}s` },
      versions: [{ name: "v1", schema: { openAPIV3Schema: { type: "object", description: "prose" } } }],
    },
  });

/** A project with one chart `tiny` of these files, pinned by its digest, and the arguments that render it. */
export function tiny(
  files: Readonly<Record<string, string>>,
  more: Partial<RenderChartArgs> = {},
): [RenderChartArgs, RenderContext] {
  const context = project({});
  const folder = path.join(context.root, "tiny");
  write(folder, { "Chart.yaml": "apiVersion: v2\nname: tiny\nversion: 1.2.3\n", ...files });
  const entry = {
    version: "1.2.3",
    repository: "https://charts.example.com",
    folder: { digest: directoryDigest(folder), from: "here" },
    withoutDependencies: [],
  };
  const args = {
    chart: "tiny",
    values: {},
    namespace: "apps",
    kubernetesVersion: "1.36.3",
    override: { path: "tiny" },
    ...more,
  };
  return [args, { ...context, catalogue: { tiny: entry } }];
}
