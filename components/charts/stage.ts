import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parse, stringify } from "yaml";
import { ArgumentError } from "../argumentError";
import type { ChartEntry, ChartOverride } from "./catalogue";
import type { ChartFile } from "./digest";
import { valueAtPath, type PlainObject } from "./values";

interface ChartYaml {
  name?: string;
  version?: string;
  dependencies?: { name: string; condition?: string }[];
}

/**
 * Writes the very bytes that the digest was taken of into a folder for helm, without the subcharts that a source tree
 * leaves out. Helm refuses a chart with a missing subchart even when that is switched off.
 */
export function stage(
  entry: ChartEntry,
  override: ChartOverride,
  files: readonly ChartFile[],
  values: PlainObject,
  target: string,
): void {
  const chart = parse(text(files, "Chart.yaml")) as ChartYaml;
  checkIdentity(entry, override, chart);
  const pruned = withoutDependencies(entry, chart, values, parse(text(files, "values.yaml")));
  for (const file of files) {
    if (pruned && file.path === "Chart.lock") continue; // it would no longer fit
    const content = pruned && file.path === "Chart.yaml" ? stringify(pruned) : file.content;
    mkdirSync(path.dirname(path.join(target, file.path)), { recursive: true });
    writeFileSync(path.join(target, file.path), content);
  }
}

const text = (files: readonly ChartFile[], name: string): string =>
  files.find((file) => file.path === name)?.content.toString("utf8") ?? "{}";

/** A digest given by the configuration vouches for whatever is there; a pinned one belongs to one version. */
function checkIdentity(entry: ChartEntry, override: ChartOverride, chart: ChartYaml): void {
  const wanted = override.version ?? (override.digest === undefined ? entry.version : chart.version);
  if (chart.name === entry.name && chart.version === wanted) return;
  throw new ArgumentError({
    where: `chart "${entry.name}"`,
    argument: `fhir-landing-zone:charts.${entry.name}.path`,
    problem: "holds another chart",
    given: `${chart.name ?? "no name"} ${chart.version ?? "without version"}`,
    allowed: `${entry.name} ${wanted ?? ""}`,
    fix: "correct the path, or the version in components/charts/charts.yaml",
  });
}

/** Chart.yaml without the subcharts of `withoutDependencies`; undefined when there is nothing to leave out. */
export function withoutDependencies(
  entry: ChartEntry,
  chart: ChartYaml,
  values: PlainObject,
  defaults: unknown,
): ChartYaml | undefined {
  const { withoutDependencies: names } = entry;
  if (names.length === 0) return undefined;
  for (const name of names) {
    const { condition } = chart.dependencies?.find((dependency) => dependency.name === name) ?? {};
    const isOn =
      condition === undefined || (valueAtPath(values, condition) ?? valueAtPath(defaults, condition)) === true;
    if (isOn) throw neededDependency(entry, name, condition);
  }
  return { ...chart, dependencies: (chart.dependencies ?? []).filter(({ name }) => !names.includes(name)) };
}

function neededDependency(entry: ChartEntry, name: string, condition: string | undefined): ArgumentError {
  return new ArgumentError({
    where: `chart "${entry.name}"`,
    argument: condition === undefined ? "withoutDependencies" : `values.${condition}`,
    problem:
      condition === undefined
        ? "names a subchart that the chart does not have as an option"
        : `switches on the subchart ${name}, which this folder does not carry`,
    given: condition === undefined ? name : true,
    allowed: condition === undefined ? "optional subcharts of Chart.yaml" : "false",
    fix:
      condition === undefined
        ? "correct components/charts/charts.yaml"
        : "leave it off, or use the chart's archive, which has its subcharts",
  });
}
