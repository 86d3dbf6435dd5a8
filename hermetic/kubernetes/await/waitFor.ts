import type { JsonObject } from "../../protocol/values";
import { condition, count } from "../objects";
import { evaluateJsonPath, parseJsonPath } from "./jsonPath";
import { conditionText, pending, READY, type Readiness, type ReadinessOf } from "./readiness";

/**
 * What the annotation `pulumi.com/waitFor` asks for: `condition=Ready`, `condition=Ready=True`,
 * `jsonpath={.status.phase}=Running`, `jsonpath={.status.url}` (any value), or a JSON array of several, all needed.
 * @throws when it is none of these
 */
export function parseWaitFor(annotation: string): ReadinessOf {
  const expressions = annotation.trimStart().startsWith("[") ? parseArray(annotation) : [annotation];
  const checks = expressions.map(parseOne);
  return (object) => checks.map((check) => check(object)).find(({ state }) => state !== "ready") ?? READY;
}

function parseArray(annotation: string): string[] {
  let value: unknown;
  try {
    value = JSON.parse(annotation);
  } catch {
    throw invalid(annotation);
  }
  if (!Array.isArray(value) || value.length === 0) throw invalid(annotation);
  return value.map((item) => {
    if (typeof item !== "string") throw invalid(annotation);
    return item;
  });
}

function parseOne(expression: string): ReadinessOf {
  const conditioned = /^condition=([^=\s]+)(?:=(\S+))?$/.exec(expression.trim());
  if (conditioned) return conditionCheck(conditioned[1] ?? "", conditioned[2] ?? "True");
  const path = /^jsonpath=(\{.*\}|[^=]+)(?:=(.*))?$/s.exec(expression.trim());
  if (path) return pathCheck(path[1] ?? "", path[2]);
  throw invalid(expression);
}

function conditionCheck(type: string, wanted: string): ReadinessOf {
  return (object) => {
    const observed = count(object, "status", "observedGeneration");
    if (observed !== undefined && observed < (count(object, "metadata", "generation") ?? 0)) {
      return pending(`condition ${type}: its controller has not seen this version yet`);
    }
    const status = condition(object, type)?.status;
    if (typeof status === "string" && status.toLowerCase() === wanted.toLowerCase()) return READY;
    return pending(`condition ${type} should be ${wanted}: ${conditionText(object, type) ?? "it is not there yet"}`);
  };
}

function pathCheck(path: string, wanted: string | undefined): ReadinessOf {
  const steps = parseJsonPath(path);
  return (object: JsonObject): Readiness => {
    const values = evaluateJsonPath(steps, object);
    const show = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
    if (wanted === undefined ? values.length > 0 : values.some((value) => show(value) === wanted)) return READY;
    const found = values.length === 0 ? "nothing there yet" : values.map(show).join(", ");
    return pending(`${path} should be ${wanted ?? "there"}: ${found}`);
  };
}

function invalid(expression: string): Error {
  return new Error(
    `"${expression}" is not something to wait for. Allowed: "condition=Ready", "condition=Ready=True", ` +
      `"jsonpath={.status.phase}=Running", "jsonpath={.status.url}", or a JSON array of these.`,
  );
}
