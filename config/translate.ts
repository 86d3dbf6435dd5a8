import type { z } from "zod";
import { allowedBy, discriminators, nodeAt, sectionNode, valueAt, type SchemaNode } from "./jsonSchema";
import { joinPath, type Problem } from "./problem";
import { keyOf, type Section } from "./schema/index";
import { suggest } from "./suggest";

type Issue = z.core.$ZodIssue;

/** What zod found wrong in a section, in our words. */
export function translate(section: Section, given: unknown, issue: Issue): Problem[] {
  const at = nodeAt(sectionNode(section), issue.path, given) ?? {};
  const key = joinPath(keyOf(section), issue.path);
  const value = valueAt(given, issue.path);
  const common = { key, allowed: allowedBy(at), fix: at.fix ?? likelyFix(at, value) };
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((name) => unknownKey(key, name, at));
    case "invalid_type":
      if (value === undefined) return [{ ...common, what: "is missing" }];
      return [{ ...common, what: `is ${article(value)}, not ${article(undefined, issue.expected)}`, value }];
    case "invalid_union":
      return [unknownAlternative(section, given, issue.path, common)];
    case "too_small":
      return [{ ...common, what: Array.isArray(value) ? "is an empty list" : "is too small", value }];
    case "too_big":
      return [{ ...common, what: "is too large", value }];
    case "custom":
      return [{ ...common, what: issue.message, value }];
    default:
      return [{ ...common, what: value === undefined ? "is missing" : "is not one of the allowed values", value }];
  }
}

function unknownAlternative(
  section: Section,
  given: unknown,
  path: readonly PropertyKey[],
  common: Problem | Omit<Problem, "what">,
): Problem {
  const union = nodeAt(sectionNode(section), path.slice(0, -1), undefined) ?? {};
  const options = discriminators(union);
  const value = valueAt(given, path);
  const meant = typeof value === "string" ? suggest(value, options) : undefined;
  return {
    ...common,
    what: value === undefined ? "is missing" : "is not a known kind",
    value,
    allowed: options.join(", "),
    fix: meant === undefined ? "choose one of these" : `did you mean ${meant}?`,
  };
}

/** Values of unknown keys are not shown: a mistyped key may hold anything, a secret too. */
function unknownKey(parent: string, name: string, node: SchemaNode): Problem {
  const known = Object.keys(node.properties ?? {});
  return {
    ...unknownName(joinPath(parent, [name]), name, known),
    allowed: known.length > 0 ? known.join(", ") : "nothing",
  };
}

/** An unknown key with the fix that fits: the known one that was meant, or where a secret belongs. */
export function unknownName(key: string, name: string, known: readonly string[]): Problem {
  const meant = suggest(name, known);
  const secret = /password|token|secret|credential|api_?key|private_?key/i.test(name);
  const elsewhere = secret
    ? "workloads read secrets from Vault: write it there, not into the configuration"
    : "remove it";
  return {
    key,
    what: "is not a known key",
    allowed: known.join(", "),
    fix: meant === undefined ? elsewhere : `did you mean ${meant}?`,
    command: meant === undefined ? removeCommand(key) : `${removeCommand(key)}, then set ${meant}`,
  };
}

const removeCommand = (key: string) =>
  /[.[]/.test(key.slice(key.indexOf(":"))) ? `pulumi config rm --path '${key}'` : `pulumi config rm ${key}`;

function likelyFix(node: SchemaNode, value: unknown): string {
  if (node.default !== undefined) return `leave it out: the default is ${JSON.stringify(node.default)}`;
  const options = (node.enum ?? []).map(String);
  const meant = typeof value === "string" ? suggest(value, options) : undefined;
  if (meant !== undefined) return `did you mean ${meant}?`;
  return node.description === undefined ? "set it to what is allowed" : `give it: ${lowerFirst(node.description)}`;
}

/** As the middle of a sentence; words like FHIR stay as they are. */
const lowerFirst = (text: string) =>
  (/^[A-Z][a-z ]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text).replace(/\.$/, "");

function article(
  value: unknown,
  type = value === null ? "null" : Array.isArray(value) ? "array" : typeof value,
): string {
  const words: Record<string, string> = {
    array: "a list",
    object: "an object",
    int: "a whole number",
    null: "empty",
    string: "text",
    number: "a number",
    boolean: "true or false",
    record: "an object",
  };
  return words[type] ?? `a ${type}`;
}
