/** How to tell a credential from other text. Nothing in here ever returns the text itself. */

const NOUNS = new Set(
  "password passwords passwd pwd pass passphrase secret token apikey credential credentials pgpassword".split(" "),
);
const KEY_OWNERS = new Set(
  "api access private secret encryption signing auth account storage master license hmac ssh session shared client".split(
    " ",
  ),
);
/** Words that may follow the noun without changing what it is. */
const TRAILERS = /^(value|base64|b64|plain|plaintext|text|string|\d+)$/;

/** True for names such as DB_PASSWORD, apiKey, client-secret; not for PASSWORD_MIN_LENGTH or TOKEN_URL. */
export function namesCredential(name: string): boolean {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");
  while (words.length > 1 && TRAILERS.test(words.at(-1) ?? "")) words.pop();
  const last = (words.at(-1) ?? "").replace(/(?<=[a-z]{3})\d+$/, "");
  if (NOUNS.has(last)) return true;
  if (/^key$/.test(last)) return KEY_OWNERS.has(words.at(-2) ?? "");
  return /(password|passwd|passphrase|apikey|secretkey|accesskey|privatekey|authtoken|accesstoken)$/.test(last);
}

/** Values under such a name that point to a credential, or are none. */
export function isHarmless(value: string): boolean {
  const text = value.trim();
  return (
    text === "" ||
    /^(true|false|yes|no|on|off|none|null)$/i.test(text) ||
    /^\$\([A-Za-z_][\w.]*\)$/.test(text) ||
    isReference(text) ||
    /^\/(var|etc|run|vault|mnt|secrets?|tmp|opt|home|data|config|app|certs?|tls)\/[\w./-]*$/.test(text) ||
    /^vault:[\w./-]+#[\w.-]+$/.test(text)
  );
}

/**
 * Text that stands for a value from elsewhere, whole or as far as the search got: `${NAME}`, `$NAME` (in capitals, since a
 * password may begin with $ too), `$(NAME)`, a file's content `$(<`, the shell's escaping `${name//x/y}`, a placeholder of
 * printf, or dots. A default (`${NAME:-text}`) and a replacement with letters are text of their own.
 */
function isReference(text: string): boolean {
  return (
    /^\$(\{[\w.]*(:[-?=+])?\}?|\([\w.-]*\)?|[A-Z_][A-Z0-9_]*)$/.test(text) ||
    /^\$\(<?$/.test(text) ||
    /^\$\{\w+\/\/[^\w}]*\/[^\w}]*\}?$/.test(text) ||
    /^(%[sq](\\n)?|\.{3}`?)$/.test(text)
  );
}

const PATTERNS: readonly (readonly [string, RegExp])[] = [
  ["a private key", /-----BEGIN [A-Z ]*PRIVATE KEY/],
  ["an AWS access key", /\b(AKIA|ASIA)[0-9A-Z]{16}\b/],
  ["a GitHub token", /\b(gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{40})/],
  ["a GitLab token", /\bglpat-[\w-]{20}/],
  ["a Slack token", /\bxox[abposr]-[\w-]{10}/],
  ["a Google API key", /\bAIza[\w-]{35}/],
  ["a Vault token", /\bhv[sbr]\.[\w-]{24}/],
  ["a Stripe key", /\b[rs]k_live_\w{20}/],
  ["a JSON Web Token", /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}/],
  ["a URL with a password", /\b[a-z][a-z0-9+.-]*:\/\/[^\s:@/$]*:(?!\$|\*+@)[^\s@/]+@/i],
  ["a bearer header", /\bauthorization:\s*(bearer|basic)\s+(?!\$)[\w.~+/-]{8,}/i],
];

/** `name=value`, `name: value`, `--name value` inside longer text, where the name speaks of a credential. */
const ASSIGNMENT =
  /(?:^|[\s,;&?"'{-])["']?([A-Za-z][\w.-]*)["']?[ \t]*(?:=|:(?=[ \t"']))[ \t]*("[^"]*"|'[^']*'|[^\s,;&"'}]+)/gm;

/** What kind of credential `text` holds, if any. */
export function credentialIn(text: string): string | undefined {
  const known = PATTERNS.find(([, pattern]) => pattern.test(text));
  if (known) return known[0];
  for (const [, name = "", value = ""] of text.matchAll(ASSIGNMENT)) {
    const bare = value.replace(/^["']|["']$/g, "");
    if (namesCredential(name) && !isHarmless(bare) && !isReference(bare) && !/^[{[|>&*<]/.test(bare))
      return `a value for ${name}`;
  }
  return undefined;
}
