import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import path from "node:path";
import { pinnedCharts, type Catalogue } from "./catalogue";

/** Where rendering takes its programs and charts from and where it keeps things. */
export interface RenderContext {
  /** Project folder: paths of the configuration are relative to it. */
  readonly root: string;
  /** Program to render with. */
  readonly helm: string;
  readonly catalogue: Catalogue;
}

/** The project folder: that of the clone, whatever folder the program was started in. */
export const projectFolder = (): string => process.env.LANDING_ZONE_ROOT ?? process.cwd();

export function defaultContext(): RenderContext {
  return { root: projectFolder(), helm: "helm", catalogue: pinnedCharts() };
}

/** A folder of the cache; everything in it can be deleted at any time. */
export function cacheFolder(
  { root }: { readonly root: string },
  kind: "archives" | "objects" | "work" | "helm",
): string {
  const folder = path.join(root, ".landing-zone", "charts-cache", kind);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}

/** Hands a folder of its own to `use` and removes it afterwards, also when that fails. */
export function withWorkFolder<T>(context: RenderContext, use: (folder: string) => T): T {
  const folder = mkdtempSync(path.join(cacheFolder(context, "work"), "chart-"));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
