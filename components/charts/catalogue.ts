import { readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { ArgumentError } from "../argumentError";

const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);

const entrySchema = z.strictObject({
  /** Version in the chart's Chart.yaml. */
  version: z.string(),
  /** https:// or oci:// repository. */
  repository: z.string().regex(/^(https|oci):\/\//),
  /** SHA-256 of the archive in that repository; without it the archive is not used. */
  digest: digest.optional(),
  /** Digest of the unpacked chart in the source tree that the set-up has (`directoryDigest`). */
  folder: z.strictObject({ digest, from: z.string() }).optional(),
  /** Optional subcharts that a source tree does not carry. They must be off in the values. */
  withoutDependencies: z.array(z.string()).default([]),
});

/** What is known and pinned about a chart. */
export type ChartEntry = z.output<typeof entrySchema> & { readonly name: string };

/** Where a stack's configuration points a chart to, instead of what is pinned (`charts.<name>`). */
export interface ChartOverride {
  /** Folder of the unpacked chart, relative to the project folder. */
  readonly path?: string | undefined;
  readonly version?: string | undefined;
  readonly repository?: string | undefined;
  /** What that folder or archive must hash to. */
  readonly digest?: string | undefined;
}

export type Catalogue = Readonly<Record<string, z.output<typeof entrySchema>>>;

export function parseCatalogue(text: string): Catalogue {
  return z.record(z.string(), entrySchema).parse(parse(text));
}

let pinned: Catalogue | undefined;

/** The charts of charts.yaml, read once. */
export function pinnedCharts(): Catalogue {
  return (pinned ??= parseCatalogue(readFileSync(path.join(__dirname, "charts.yaml"), "utf8")));
}

/** @throws ArgumentError when no such chart is pinned. */
export function chartEntry(catalogue: Catalogue, name: string): ChartEntry {
  const entry = catalogue[name];
  if (entry) return { ...entry, name };
  throw new ArgumentError({
    where: `chart "${name}"`,
    argument: "chart",
    problem: "is not in components/charts/charts.yaml",
    given: name,
    allowed: Object.keys(catalogue).sort().join(", "),
    fix: "add it there with its version, repository and digest",
  });
}
