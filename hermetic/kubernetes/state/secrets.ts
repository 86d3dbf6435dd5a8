import {
  isObject,
  isSecret,
  isUnknown,
  plain,
  secret,
  secretLike,
  type Json,
  type JsonObject,
} from "../../protocol/values";

const SHORTEST = 4; // shorter texts occur by accident, and hiding them would make messages unreadable
const TELLING = 8; // and as a part of another text, these still do: "user" in "username"

/** Every text inside a secret of these inputs, in the forms in which a server may repeat it. */
export function secretTexts(...inputs: Json[]): Set<string> {
  const texts = new Set<string>();
  const add = (text: string) => {
    if (text.length < SHORTEST || isUnknown(text) || text === "true" || text === "false") return;
    texts.add(text);
    texts.add(Buffer.from(text, "utf8").toString("base64"));
    const decoded = Buffer.from(text, "base64");
    // Only what really is base64 of readable text: anything decodes to something.
    if (decoded.length >= SHORTEST && decoded.toString("base64") === text) texts.add(decoded.toString("utf8"));
  };
  const walk = (value: Json, hidden: boolean): void => {
    if (isSecret(value)) walk(plain(value), true);
    else if (Array.isArray(value)) for (const item of value) walk(item, hidden);
    else if (isObject(value)) for (const item of Object.values(value)) walk(item, hidden);
    else if (hidden && (typeof value === "string" || typeof value === "number")) add(String(value));
  };
  for (const value of inputs) walk(value, false);
  return texts;
}

/** The message without the secrets that a server may have quoted in it. */
export function redact(message: string, secrets: Iterable<string>): string {
  // Longest first, so that no tail of a longer secret stays behind a shorter one.
  const ordered = [...secrets].sort((a, b) => b.length - a.length);
  return ordered.reduce((text, value) => text.replaceAll(value, "[secret]"), message);
}

/**
 * Marks as secret in `live` what is secret in `like`: at the same path, and wherever else the same text turns up,
 * because a webhook may have moved it (an injected first container shifts every index).
 */
export function protect(live: JsonObject, like: JsonObject): JsonObject {
  const texts = [...secretTexts(like)];
  const holds = (value: string) =>
    texts.some((text) => value === text || (text.length >= TELLING && value.includes(text)));
  const hide = (value: Json): Json => {
    if (isSecret(value)) return value;
    if (typeof value === "string") return holds(value) ? secret(value) : value;
    if (Array.isArray(value)) return value.map(hide);
    return isObject(value) ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, hide(item)])) : value;
  };
  const marked = secretLike(live, like);
  const result = texts.length > 0 ? hide(marked) : marked;
  return isObject(result) ? result : {};
}
