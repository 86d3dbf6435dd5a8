import { isObject, type JsonObject } from "../../protocol/values";
import { list, record, text } from "../objects";

/** A LabelSelector in the form that a list request takes. */
export function labelSelector(selector: JsonObject): string {
  const labels = Object.entries(record(selector, "matchLabels")).map(([key, value]) => `${key}=${String(value)}`);
  const expressions = list(selector, "matchExpressions").filter(isObject).map(expression);
  return [...labels, ...expressions].join(",");
}

function expression(entry: JsonObject): string {
  const key = text(entry, "key") ?? "";
  const values = list(entry, "values").map(String).join(",");
  switch (entry.operator) {
    case "Exists":
      return key;
    case "DoesNotExist":
      return `!${key}`;
    case "NotIn":
      return `${key} notin (${values})`;
    default:
      return `${key} in (${values})`;
  }
}
