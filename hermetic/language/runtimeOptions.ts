/** What `runtime: { name: nodejs, options: ... }` of Pulumi.yaml or PulumiPolicy.yaml may say. */
export interface RuntimeOptions {
  /** Compile TypeScript while it runs, with the SDK's own ts-node. @default true, as the official host has it */
  typescript: boolean;
  /** Another tsconfig.json for that. */
  tsconfig?: string;
  /** Arguments for node itself, split like a shell would. */
  nodeArguments: string[];
}

/** Reads the options; throws an error that names the option, the value given and what is allowed. */
export function runtimeOptions(options: Record<string, unknown>): RuntimeOptions {
  const { typescript = true, tsconfig, nodeargs = "", packagemanager = "auto" } = options;
  if (typeof typescript !== "boolean") throw wrong("typescript", typescript, "true or false");
  if (tsconfig !== undefined && typeof tsconfig !== "string") throw wrong("tsconfig", tsconfig, "a path");
  if (typeof nodeargs !== "string") throw wrong("nodeargs", nodeargs, 'one string, for instance "--import tsx"');
  if (packagemanager !== "auto" && packagemanager !== "npm") {
    throw wrong("packagemanager", packagemanager, "auto or npm (the hermetic language host knows no other)");
  }
  return { typescript, nodeArguments: shellWords(nodeargs), ...(tsconfig === undefined ? {} : { tsconfig }) };
}

function wrong(option: string, value: unknown, allowed: string): Error {
  return new Error(`runtime.options.${option} is ${JSON.stringify(value)}. Allowed: ${allowed}.`);
}

/** Environment variables by which the SDK's run scripts learn of the options. */
export function optionsEnvironment({ typescript, tsconfig }: RuntimeOptions): NodeJS.ProcessEnv {
  return {
    ...(typescript ? { PULUMI_NODEJS_TYPESCRIPT: "true" } : {}),
    ...(tsconfig ? { PULUMI_NODEJS_TSCONFIG_PATH: tsconfig } : {}),
  };
}

/** Splits a line into words at blanks; quotes and backslashes keep blanks inside a word, as in a shell. */
export function shellWords(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote: string | undefined;
  for (let at = 0; at < line.length; at++) {
    const character = line.charAt(at);
    if (quote !== undefined && character === quote) {
      quote = undefined;
    } else if (character === "\\" && quote !== "'" && at + 1 < line.length) {
      word = (word ?? "") + line.charAt(++at);
    } else if (quote === undefined && (character === "'" || character === '"')) {
      quote = character;
      word ??= "";
    } else if (quote === undefined && /\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else {
      word = (word ?? "") + character;
    }
  }
  if (quote !== undefined) throw new Error(`A ${quote} is not closed in: ${line}`);
  return word === undefined ? words : [...words, word];
}
