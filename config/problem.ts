import * as pulumi from "@pulumi/pulumi";

/** One thing that is wrong with a stack's configuration. */
export interface Problem {
  /** Full key and path, for instance `fhir-landing-zone:cluster.nodePool.minPerZone`. */
  readonly key: string;
  /** What is wrong, as the end of a sentence that begins with the key. */
  readonly what: string;
  /** The value given; absent when there is none and never that of a secret. */
  readonly value?: unknown;
  readonly allowed: string;
  /** The likely fix. */
  readonly fix: string;
  /** Only where the usual `pulumi config set` is not the way. */
  readonly command?: string;
}

/** Everything that is wrong with a stack's configuration, in one error. */
export class ConfigError extends pulumi.RunError {
  constructor(
    stack: string,
    readonly problems: readonly Problem[],
  ) {
    const count = problems.length === 1 ? "1 problem" : `${String(problems.length)} problems`;
    const list = problems.map((problem, i) => `${String(i + 1)}. ${formatProblem(problem)}`).join("\n\n");
    super(
      `The configuration of stack "${stack}" (Pulumi.${stack}.yaml) has ${count}; nothing was touched.\n\n${list}\n`,
    );
    this.name = "ConfigError";
  }
}

export function formatProblem({ key, what, value, allowed, fix, command }: Problem): string {
  return [
    `${key} ${what}`,
    ...(value === undefined ? [] : [`   value:   ${formatValue(value)}`]),
    `   allowed: ${allowed}`,
    `   fix:     ${fix}`,
    `   set it:  ${command ?? setCommand(key)}`,
  ].join("\n");
}

/** The command that sets a key: nested ones need --path. */
export function setCommand(key: string): string {
  const nested = /[.[]/.test(key.slice(key.indexOf(":")));
  return nested ? `pulumi config set --path '${key}' VALUE` : `pulumi config set ${key} VALUE`;
}

const LONGEST = 80;

/** A value in one short line. What could be key material is not shown, wherever somebody put it. */
export function formatValue(value: unknown): string {
  const shown = JSON.stringify(value) ?? String(value);
  if (/PRIVATE KEY|BEGIN [A-Z]|[A-Za-z0-9+/]{60}|:\/\/[^/]*@/.test(shown))
    return `(${String(shown.length)} signs, not shown)`;
  return shown.length > LONGEST ? `${shown.slice(0, LONGEST)}… (${String(shown.length)} signs)` : shown;
}

/** A path below a key as `pulumi config set --path` wants it. */
export function joinPath(key: string, path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === "number") return `${text}[${String(part)}]`;
    return /^[\w-]+$/.test(String(part)) ? `${text}.${String(part)}` : `${text}["${String(part)}"]`;
  }, key);
}
