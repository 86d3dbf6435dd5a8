import { isObject, type Json } from "../../protocol/values";

/* The part of JSONPath that people write in `pulumi.com/waitFor`: .a.b  .a["b"]  [0]  [*]  [?(@.type=="Ready")] */

type Step = { key: string } | { index: number } | { all: true } | { where: string; equals: string };

const STEP =
  /\.((?:[^.[\]\\{}]|\\.)+)|\[(-?\d+)\]|\[(\*)\]|\[["']([^"']*)["']\]|\[\?\(@\.([\w.]+)\s*==\s*["']([^"']*)["']\)\]/y;

/** @throws when the text is no path of that kind */
export function parseJsonPath(path: string): Step[] {
  const inner = path.replace(/^\{(.*)\}$/s, "$1").replace(/^\$/, "");
  const source = inner.startsWith(".") || inner.startsWith("[") ? inner : `.${inner}`;
  const steps: Step[] = [];
  STEP.lastIndex = 0;
  while (STEP.lastIndex < source.length) {
    const start = STEP.lastIndex;
    const match = STEP.exec(source);
    if (!match) throw new Error(`"${path}" is not a path like {.status.phase}: can't read "${source.slice(start)}"`);
    const [, key, index, all, quoted, where, equals] = match;
    if (key === "*" || all !== undefined) steps.push({ all: true });
    else if (key !== undefined) steps.push({ key: key.replace(/\\(.)/g, "$1") });
    else if (index !== undefined) steps.push({ index: Number(index) });
    else if (quoted !== undefined) steps.push({ key: quoted });
    else if (where !== undefined && equals !== undefined) steps.push({ where, equals });
  }
  if (steps.length === 0) throw new Error(`"${path}" is an empty path; write for instance {.status.phase}`);
  return steps;
}

/** Every value that the path leads to. */
export function evaluateJsonPath(steps: readonly Step[], root: Json): Json[] {
  return steps.reduce<Json[]>((values, step) => values.flatMap((value) => follow(step, value)), [root]);
}

function follow(step: Step, value: Json): Json[] {
  if ("key" in step) return isObject(value) && value[step.key] !== undefined ? [value[step.key] as Json] : [];
  if ("all" in step) return Array.isArray(value) ? value : isObject(value) ? Object.values(value) : [];
  if (!Array.isArray(value)) return [];
  if ("index" in step) {
    const item = value.at(step.index);
    return item === undefined ? [] : [item];
  }
  const steps = parseJsonPath(`.${step.where}`);
  return value.filter((item) => evaluateJsonPath(steps, item).some((found) => String(found) === step.equals));
}
