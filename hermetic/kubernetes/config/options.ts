import type { CheckFailure } from "../../protocol/provider";
import { isUnknown, plain, type Json, type JsonObject } from "../../protocol/values";

/** The provider's configuration, read. */
export interface Options {
  /** A path, or the content of a kubeconfig. Absent: $KUBECONFIG, then ~/.kube/config. */
  kubeconfig: string | undefined;
  /** True at a preview in which the cluster is yet to be created. */
  kubeconfigUnknown: boolean;
  context: string | undefined;
  cluster: string | undefined;
  namespace: string | undefined;
  clusterIdentifier: string | undefined;
  deleteUnreachable: boolean;
  patchForce: boolean;
  suppressDeprecationWarnings: boolean;
  configMapsMutable: boolean;
  secretsMutable: boolean;
  /** Seconds that one request may take. */
  requestTimeout: number | undefined;
}

/* Added by the engine; they say nothing about the cluster. */
const ENGINE_KEYS = [
  "version",
  "pluginDownloadURL",
  "pluginChecksums",
  "parameterization",
  "__internal",
  "__pulumi-go-provider-infer",
  "__pulumi-go-provider-version",
];

const STRINGS = ["kubeconfig", "context", "cluster", "namespace", "clusterIdentifier"] as const;
const FLAGS = [
  "deleteUnreachable",
  "enableConfigMapMutable",
  "enablePatchForce",
  "enableSecretMutable",
  "enableServerSideApply",
  "suppressDeprecationWarnings",
  "suppressHelmHookWarnings",
] as const;

/** Options that would change what happens and that this plugin does not have: refused unless they are off. */
const REFUSED: Record<string, string> = {
  alwaysRender: "rendering to a directory is not supported",
  helmReleaseSettings: "Helm releases are not supported; use RenderedChart",
  renderYamlToDirectory: "rendering to a directory is not supported",
  skipUpdateUnreachable: "an update that reaches no cluster always fails here",
  upsertExistingObjects:
    "an object that exists already is never taken over silently; import it, or use a Patch resource",
};

/** Values arrive as they are from stack config, or JSON-encoded from the SDK's Provider resource. */
function decoded(value: Json | undefined): Json | undefined {
  const bare = value === undefined ? undefined : plain(value);
  if (typeof bare !== "string" || isUnknown(bare)) return bare ?? undefined;
  try {
    return JSON.parse(bare) as Json;
  } catch {
    return bare;
  }
}

/** A string option; a kubeconfig may also be given as an object. */
function stringOf(value: Json | undefined): string | undefined {
  const bare = value === undefined ? null : plain(value);
  if (bare === null || bare === "") return undefined;
  return typeof bare === "string" ? bare : JSON.stringify(bare);
}

export function checkOptions(inputs: JsonObject): CheckFailure[] {
  const failures: CheckFailure[] = [];
  const fail = (property: string, reason: string) => failures.push({ property, reason });
  for (const [key, raw] of Object.entries(inputs)) {
    if (ENGINE_KEYS.includes(key) || isUnknown(plain(raw))) continue;
    const value = decoded(raw);
    if (STRINGS.some((name) => name === key)) {
      // Read as it was given: a namespace called "true" is a string all the same.
      const given = plain(raw);
      const isText = typeof given === "string" || (key === "kubeconfig" && typeof given === "object");
      // Without the property's name: the engine prints the value of what is named, and this one holds credentials.
      if (!isText && key === "kubeconfig") fail("", `kubeconfig must be a path, or the content as a string or object`);
      else if (!isText) fail(key, `${key} is ${JSON.stringify(given)}; it must be a string`);
    } else if (FLAGS.some((name) => name === key)) {
      if (value !== undefined && value !== null && typeof value !== "boolean")
        fail(key, `${key} is ${JSON.stringify(value)}; allowed: true, false`);
      else if (key === "enableServerSideApply" && value === false) {
        fail(
          key,
          "enableServerSideApply is false; this plugin works by server-side apply only. Leave the option out, or install the official kubernetes plugin.",
        );
      }
    } else if (key === "kubeClientSettings") failures.push(...checkClientSettings(value));
    else if (key in REFUSED) {
      if (value !== undefined && value !== null && value !== false && value !== "") {
        fail(
          key,
          `${key} is not supported by this plugin: ${REFUSED[key] ?? ""}. Leave it out, or install the official kubernetes plugin.`,
        );
      }
    } else
      fail(
        key,
        `there is no provider option "${key}"; allowed: ${[...STRINGS, ...FLAGS, "kubeClientSettings"].join(", ")}`,
      );
  }
  return failures;
}

function checkClientSettings(value: Json | undefined): CheckFailure[] {
  if (value === undefined || value === null) return [];
  if (typeof value !== "object" || Array.isArray(value))
    return [{ property: "kubeClientSettings", reason: "kubeClientSettings must be an object" }];
  return Object.keys(value)
    .filter((key) => key !== "timeout" && value[key] !== null)
    .map((key) => ({
      property: `kubeClientSettings.${key}`,
      reason: `kubeClientSettings.${key} is not supported by this plugin; allowed: timeout (seconds)`,
    }));
}

export function readOptions(inputs: JsonObject): Options {
  const flag = (key: string) => decoded(inputs[key]) === true;
  const kubeconfigUnknown = inputs.kubeconfig !== undefined && isUnknown(plain(inputs.kubeconfig));
  const settings = decoded(inputs.kubeClientSettings);
  const timeout =
    typeof settings === "object" && settings !== null && !Array.isArray(settings)
      ? Number(settings.timeout)
      : Number.NaN;
  return {
    kubeconfig: kubeconfigUnknown ? undefined : stringOf(inputs.kubeconfig),
    kubeconfigUnknown,
    context: stringOf(inputs.context),
    cluster: stringOf(inputs.cluster),
    namespace: stringOf(inputs.namespace),
    clusterIdentifier: stringOf(inputs.clusterIdentifier),
    deleteUnreachable: flag("deleteUnreachable"),
    patchForce: flag("enablePatchForce"),
    suppressDeprecationWarnings: flag("suppressDeprecationWarnings"),
    configMapsMutable: decoded(inputs.enableConfigMapMutable) !== false,
    secretsMutable: decoded(inputs.enableSecretMutable) !== false,
    requestTimeout: Number.isFinite(timeout) && timeout > 0 ? timeout : undefined,
  };
}
