import { execFileSync } from "node:child_process";
import { ArgumentError } from "../argumentError";
import { cacheFolder, type RenderContext } from "./context";

/** Helm said no; its own words are the best there are. */
export class HelmError extends Error {
  override readonly name = "HelmError";
}

const versions = new Map<string, string>();

/** Version of the helm in use: what is rendered by another one is not taken from the cache. */
export function helmVersion(context: RenderContext): string {
  let version = versions.get(context.helm);
  if (version === undefined) versions.set(context.helm, (version = helm(context, ["version", "--short"]).trim()));
  return version;
}

/**
 * Runs helm and returns what it prints.
 *
 * @throws HelmError with its message, ArgumentError when there is no helm
 */
export function helm(context: RenderContext, args: readonly string[]): string {
  try {
    return execFileSync(context.helm, args, {
      encoding: "utf8",
      maxBuffer: 256 * 1024 * 1024,
      stdio: ["ignore", "pipe", "pipe"],
      env: environment(context),
    });
  } catch (error) {
    const { code, stderr } = error as { code?: string; stderr?: string };
    if (code === "ENOENT") throw noHelm(context.helm);
    throw new HelmError((stderr ?? String(error)).replace(/^Error: /, "").trim());
  }
}

/** Without what could change a rendering (HELM_*, KUBE*) and what is none of helm's business (Pulumi's passphrase). */
function environment(context: RenderContext): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => name === "HELM_REGISTRY_CONFIG" || !/^(HELM|KUBE|PULUMI)/.test(name),
  );
  const home = cacheFolder(context, "helm");
  return { ...Object.fromEntries(kept), HELM_CACHE_HOME: home, HELM_CONFIG_HOME: home, HELM_DATA_HOME: home };
}

function noHelm(program: string): ArgumentError {
  return new ArgumentError({
    where: "rendering of charts",
    argument: "helm",
    problem: "is not on PATH",
    given: program,
    allowed: "helm 3.16 or newer",
    fix: "run `npm run tools` and start through `npm run pulumi -- ...`, which has it on PATH",
  });
}
