import { parse } from "yaml";
import type { ConfigSource } from "./load";

/**
 * The text of a value as the engine hands it to a program: objects and lists as JSON, scalars as text.
 * Back from there: JSON objects and lists are parsed, everything else stays text.
 */
export function parseEngineValue(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Whether a value of a stack file is encrypted, or has something encrypted in it. */
function isSecure(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return "secure" in value || Object.values(value).some(isSecure);
}

/** Reads the text of a `Pulumi.<stack>.yaml` as the engine would, without decrypting anything. */
export function sourceOfStackFile(project: string, stack: string, text: string): ConfigSource {
  const file = (parse(text) ?? {}) as { config?: Record<string, unknown> };
  const entries = Object.entries(file.config ?? {}).map(
    ([key, value]) => [key.includes(":") ? key : `${project}:${key}`, value] as const,
  );
  const plain = entries.filter(([, value]) => !isSecure(value));
  const values = plain.map(([key, value]) => [
    key,
    typeof value === "object" && value !== null ? value : parseEngineValue(String(value)),
  ]);
  return {
    project,
    stack,
    values: Object.fromEntries(values) as Record<string, unknown>,
    secretKeys: entries.filter(([, value]) => isSecure(value)).map(([key]) => key),
  };
}
