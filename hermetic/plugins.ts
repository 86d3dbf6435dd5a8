/** A plugin executable and where its code starts. */
export interface PluginSpec {
  /** File name that the engine looks for on PATH, for instance `pulumi-resource-random`. */
  executable: string;
  /** Entry point, absolute or relative to the repository. */
  entry: string;
}

/** Every plugin of this repository. The last one is ours; the others stand in for official ones. */
export const PLUGINS: readonly PluginSpec[] = [
  { executable: "pulumi-language-nodejs", entry: "hermetic/language/main.ts" },
  { executable: "pulumi-resource-random", entry: "hermetic/random/main.ts" },
  { executable: "pulumi-resource-gcp", entry: "hermetic/gcp/main.ts" },
  { executable: "pulumi-resource-kubernetes", entry: "hermetic/kubernetes/main.ts" },
  { executable: "pulumi-resource-landingzone", entry: "provider/main.ts" },
];

/**
 * The plugins called `names`, by executable or by its last part (`random`); all of them when no name is given.
 * @throws when a name is not among them
 */
export function selectPlugins(names: readonly string[]): PluginSpec[] {
  if (names.length === 0) return [...PLUGINS];
  return names.map((name) => {
    const found = PLUGINS.find(({ executable }) => executable === name || shortName(executable) === name);
    if (found) return found;
    const allowed = PLUGINS.map(({ executable }) => shortName(executable)).join(", ");
    throw new Error(`There is no plugin "${name}". Allowed: ${allowed}.`);
  });
}

function shortName(executable: string): string {
  return executable.replace(/^pulumi-(language|resource)-/, "");
}
