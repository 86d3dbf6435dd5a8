import { writeFileSync } from "node:fs";
import path from "node:path";
import { stringify } from "yaml";
import { ArgumentError } from "../argumentError";
import { cachedObjects } from "./cache";
import type { ChartEntry } from "./catalogue";
import { withWorkFolder, type RenderContext } from "./context";
import { helm, HelmError, helmVersion } from "./helm";
import { identityOf, parseObjects, titleOf, type KubernetesObject } from "./object";
import type { RenderChartArgs } from "./render";
import type { ChartSource } from "./source";
import { stage } from "./stage";
import type { PlainObject } from "./values";

/** What helm makes of a chart, out of the cache if nothing that it depends on has changed. */
export function template(
  entry: ChartEntry,
  source: ChartSource,
  values: PlainObject,
  args: RenderChartArgs,
  context: RenderContext,
): readonly KubernetesObject[] {
  const { name, withoutDependencies } = entry;
  const key = [name, source.digest, withoutDependencies, values, flagsOf(args), helmVersion(context)];
  return cachedObjects(context, key, () => renderTwice(entry, source, values, args, context));
}

function flagsOf({
  chart,
  releaseName = chart,
  namespace,
  kubernetesVersion,
  includeCrds = true,
  apiVersions = [],
}: RenderChartArgs): string[] {
  return [
    releaseName,
    ...["--namespace", namespace, "--kube-version", kubernetesVersion],
    ...(includeCrds ? ["--include-crds"] : ["--skip-crds"]),
    ...[...apiVersions].sort().flatMap((api) => ["--api-versions", api]),
  ];
}

/** Twice, because a chart that makes up passwords or certificates would change at every preview. */
function renderTwice(
  entry: ChartEntry,
  source: ChartSource,
  values: PlainObject,
  args: RenderChartArgs,
  context: RenderContext,
): KubernetesObject[] {
  return withWorkFolder(context, (work) => {
    const chart = source.kind === "archive" ? source.file : path.join(work, "chart");
    if (source.kind === "folder") stage(entry, args.override ?? {}, source.files, values, chart);
    const valuesFile = path.join(work, "values.yaml");
    writeFileSync(valuesFile, stringify(values), { mode: 0o600 });
    const [release = "", ...flags] = flagsOf(args);
    const run = (): string => {
      try {
        return helm(context, ["template", release, chart, ...flags, "--values", valuesFile]);
      } catch (error) {
        throw error instanceof HelmError ? refused(entry, error) : error;
      }
    };
    const [first, second] = [run(), run()];
    if (first !== second) throw notDeterministic(entry, first, second);
    return parseObjects(`chart "${entry.name}"`, first);
  });
}

function refused(entry: ChartEntry, error: HelmError): ArgumentError {
  const isSchema = error.message.includes("values don't meet the specifications");
  return new ArgumentError({
    where: `chart "${entry.name}"`,
    argument: "values",
    problem: `${isSchema ? "do not fit the chart's schema" : "can't be rendered"}: ${error.message}`,
    given: `${entry.name} ${entry.version}`,
    allowed: isSchema ? "what the chart's values.schema.json says" : "values that every template of the chart can use",
    fix: "compare with the values.yaml of this version of the chart",
  });
}

function notDeterministic(entry: ChartEntry, first: string, second: string): ArgumentError {
  const where = `chart "${entry.name}"`;
  const later = new Map(parseObjects(where, second).map((object) => [identityOf(object), JSON.stringify(object)]));
  const different = parseObjects(where, first).filter(
    (object) => later.get(identityOf(object)) !== JSON.stringify(object),
  );
  return new ArgumentError({
    where,
    argument: "values",
    problem: "make the chart render something else each time, so that every preview would show a change",
    given: different.map(titleOf),
    allowed: "a rendering that depends on chart, values and versions only",
    fix: "hand in the certificate or password by a Secret of its own, or let cert-manager issue it",
  });
}
