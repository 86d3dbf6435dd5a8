import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { ArgumentError } from "../argumentError";
import { cachedObjects } from "./cache";
import { projectFolder } from "./context";
import { sha256 } from "./digest";
import { checkUnique, parseObjects, type KubernetesObject } from "./object";
import { inOrder, isDefinition } from "./order";
import { withoutDescriptions, type Definition } from "./withoutDescriptions";

export interface DefinitionsArgs {
  /** YAML file with CustomResourceDefinitions, relative to the project folder. */
  readonly source: string;
  /** Kinds to take. @default all; one that the file lacks is an error */
  readonly kinds?: readonly string[];
  /** API groups to take. @default all; one that the file lacks is an error */
  readonly groups?: readonly string[];
  /**
   * Whether descriptions stay in the schemas. They are most of a definition (and so of the state and of every diff), and
   * validation does without. @default false
   */
  readonly descriptions?: boolean;
}

/** Reads definitions from a file. @throws ArgumentError when the file or a kind in it is missing */
export function readDefinitions(args: DefinitionsArgs, root = projectFolder()): KubernetesObject[] {
  const file = path.resolve(root, args.source);
  if (!existsSync(file)) throw wrong(args, "source", "does not exist", args.source, "a YAML file", fixOf(args.source));
  const { kinds, groups, descriptions = false } = args;
  const text = readFileSync(file, "utf8");
  const all = cachedObjects({ root }, [sha256(text), descriptions], () => definitionsIn(args, text)) as Definition[];
  if (all.length === 0)
    throw wrong(
      args,
      "source",
      "holds no CustomResourceDefinition",
      args.source,
      "apiextensions.k8s.io/v1",
      "correct the path",
    );
  checkPresent(
    args,
    "kinds",
    all.map(({ spec }) => spec.names.kind),
  );
  checkPresent(
    args,
    "groups",
    all.map(({ spec }) => spec.group),
  );
  const wanted = all.filter(
    ({ spec }) => (kinds?.includes(spec.names.kind) ?? true) && (groups?.includes(spec.group) ?? true),
  );
  if (wanted.length === 0)
    throw wrong(args, "kinds", "are in none of the groups", kinds, "kinds of these groups", "leave one of the two out");
  checkUnique(`definitions in ${args.source}`, wanted);
  return inOrder(wanted);
}

function definitionsIn({ source, descriptions = false }: DefinitionsArgs, text: string): KubernetesObject[] {
  const definitions = parseObjects(`definitions in ${source}`, text).filter(isDefinition) as Definition[];
  return definitions.map((definition) => tidy(descriptions ? definition : withoutDescriptions(definition)));
}

/** Without what generators leave in files and the server writes itself. */
function tidy(definition: Definition): KubernetesObject {
  const without = (object: object, field: string) =>
    Object.fromEntries(Object.entries(object).filter(([name]) => name !== field));
  return {
    ...without(definition, "status"),
    metadata: without(definition.metadata, "creationTimestamp"),
  } as unknown as KubernetesObject;
}

function checkPresent(args: DefinitionsArgs, field: "kinds" | "groups", present: readonly string[]): void {
  const missing = args[field]?.filter((wanted) => !present.includes(wanted)) ?? [];
  if (missing.length === 0) return;
  const allowed = [...new Set(present)].sort().join(", ");
  throw wrong(
    args,
    field,
    `names what is not in the file: ${missing.join(", ")}`,
    args[field],
    allowed,
    "correct the names, or take a newer file",
  );
}

const fixOf = (source: string): string =>
  source.startsWith(".landing-zone/")
    ? "run `npm run tools`, which puts it there"
    : "correct crds.<name>.path in the stack's configuration";

function wrong(
  { source }: DefinitionsArgs,
  argument: string,
  problem: string,
  given: unknown,
  allowed: string,
  fix: string,
): ArgumentError {
  return new ArgumentError({ where: `definitions in ${source}`, argument, problem, given, allowed, fix });
}
