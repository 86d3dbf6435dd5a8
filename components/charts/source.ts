import { existsSync, readdirSync, readFileSync, realpathSync, renameSync, statSync } from "node:fs";
import path from "node:path";
import { ArgumentError } from "../argumentError";
import type { ChartEntry, ChartOverride } from "./catalogue";
import { cacheFolder, withWorkFolder, type RenderContext } from "./context";
import { filesDigest, readFolder, sha256, type ChartFile } from "./digest";
import { helm, HelmError } from "./helm";

/** A chart whose digest was compared: the files of a folder, or an archive in the cache. */
export type ChartSource =
  | { readonly kind: "folder"; readonly files: readonly ChartFile[]; readonly digest: string }
  | { readonly kind: "archive"; readonly file: string; readonly digest: string };

const where = (entry: ChartEntry) => `chart "${entry.name}"`;
const key = (entry: ChartEntry, field: string) => `fhir-landing-zone:charts.${entry.name}.${field}`;

/** Finds a chart and compares its digest; nothing of it is used before that. */
export function chartSource(entry: ChartEntry, override: ChartOverride, context: RenderContext): ChartSource {
  return override.path === undefined
    ? pulled(entry, override, context)
    : folder(entry, override, override.path, context);
}

function folder(entry: ChartEntry, override: ChartOverride, relative: string, { root }: RenderContext): ChartSource {
  const given = path.resolve(root, relative);
  if (!existsSync(path.join(given, "Chart.yaml")) || !statSync(given).isDirectory()) {
    throw new ArgumentError({
      where: where(entry),
      argument: key(entry, "path"),
      problem: "is no folder with a Chart.yaml",
      given: relative,
      allowed: "a folder with an unpacked chart, relative to the project folder",
      fix: relative.startsWith(".landing-zone/") ? "run `npm run tools`, which puts it there" : "correct the path",
    });
  }
  const files = readFolder(realpathSync(given));
  const digest = filesDigest(files);
  compare(entry, "folder", digest, override.digest ?? entry.folder?.digest);
  return { kind: "folder", files, digest };
}

function pulled(entry: ChartEntry, override: ChartOverride, context: RenderContext): ChartSource {
  const { version = entry.version, repository = entry.repository } = override;
  const isPinned = version === entry.version && repository === entry.repository;
  const wanted = override.digest ?? (isPinned ? entry.digest : undefined);
  if (wanted === undefined) throw noDigest(entry, version, repository);
  const file = path.join(cacheFolder(context, "archives"), `${wanted.replace("sha256:", "")}.tgz`);
  if (!existsSync(file) || digestOf(file) !== wanted) pull(entry, version, repository, wanted, file, context);
  return { kind: "archive", file, digest: wanted };
}

function pull(
  entry: ChartEntry,
  version: string,
  repository: string,
  wanted: string,
  file: string,
  context: RenderContext,
): void {
  withWorkFolder(context, (work) => {
    const from = repository.startsWith("oci://")
      ? [`${repository.replace(/\/$/, "")}/${entry.name}`]
      : [entry.name, "--repo", repository];
    try {
      helm(context, ["pull", ...from, "--version", version, "--destination", work]);
    } catch (error) {
      if (error instanceof HelmError) throw notPulled(entry, version, repository, error);
      throw error;
    }
    const archive = path.join(work, readdirSync(work)[0] ?? "");
    compare(entry, "archive", digestOf(archive), wanted);
    renameSync(archive, file);
  });
}

const digestOf = (file: string): string => `sha256:${sha256(readFileSync(file))}`;

function compare(entry: ChartEntry, what: string, digest: string, wanted: string | undefined): void {
  if (digest === wanted) return;
  throw new ArgumentError({
    where: where(entry),
    argument: key(entry, "digest"),
    problem:
      wanted === undefined
        ? `is needed: no digest is pinned for its ${what}`
        : `does not fit its ${what}: this is not the chart that was reviewed`,
    given: wanted,
    allowed: digest,
    fix: `review the chart, then: pulumi config set --path '${key(entry, "digest")}' ${digest}`,
  });
}

function noDigest(entry: ChartEntry, version: string, repository: string): ArgumentError {
  return new ArgumentError({
    where: where(entry),
    argument: key(entry, "digest"),
    problem: `is needed: no digest is pinned for version ${version} from ${repository}`,
    given: undefined,
    allowed: "sha256: and 64 hexadecimal digits",
    fix: `take \`sha256sum\` of the archive that you reviewed, or point ${key(entry, "path")} at a folder`,
  });
}

function notPulled(entry: ChartEntry, version: string, repository: string, error: HelmError): ArgumentError {
  return new ArgumentError({
    where: where(entry),
    argument: key(entry, "repository"),
    problem: `has no version ${version} to be had: ${error.message}`,
    given: repository,
    allowed: "a repository that this machine reaches and that has this version",
    fix: `use a mirror, or point ${key(entry, "path")} at a folder with the unpacked chart`,
  });
}
