import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { cacheFolder } from "./context";
import { sha256 } from "./digest";
import type { KubernetesObject } from "./object";

/** Raise it when what is kept in the cache changes its meaning. */
const FORMAT = 1;

/**
 * Objects by all that they depend on. Reading megabytes of YAML takes seconds at every preview, reading the JSON kept here
 * does not. An entry is compared with its own digest before it is used.
 */
export function cachedObjects(
  context: { readonly root: string },
  key: readonly unknown[],
  make: () => readonly KubernetesObject[],
): readonly KubernetesObject[] {
  const file = path.join(cacheFolder(context, "objects"), `${sha256(JSON.stringify([FORMAT, ...key]))}.json`);
  const kept = existsSync(file) ? readFileSync(file, "utf8") : "";
  const text = kept.slice(kept.indexOf("\n") + 1);
  if (kept.startsWith(`${sha256(text)}\n`)) return JSON.parse(text) as KubernetesObject[];

  const objects = make();
  const fresh = JSON.stringify(objects);
  const partial = `${file}.${String(process.pid)}`;
  // Values may be confidential although they are not secret.
  writeFileSync(partial, `${sha256(fresh)}\n${fresh}`, { mode: 0o600 });
  renameSync(partial, file);
  return objects;
}
