import * as pulumi from "@pulumi/pulumi";
import { loadConfig, type ConfigSource, type LandingZoneConfig } from "./load";
import { PROJECT } from "./schema/index";
import { parseEngineValue } from "./stackFile";

/** A stack's configuration as the program uses it: the checked plain part, and the secrets as Outputs. */
export interface StackConfig {
  readonly config: LandingZoneConfig;
  readonly secrets: {
    readonly kubeconfig: pulumi.Output<string> | undefined;
    readonly vaultToken: pulumi.Output<string> | undefined;
  };
}

/**
 * Reads the configuration of the current stack and checks it.
 *
 * @throws ConfigError naming everything that is wrong, before any resource is registered.
 */
export function readStackConfig(): StackConfig {
  const config = loadConfig(engineSource());
  const secrets = new pulumi.Config(PROJECT);
  return {
    config,
    secrets: {
      kubeconfig: config.secrets.kubeconfig ? secrets.requireSecret("kubeconfig") : undefined,
      vaultToken: config.secrets.vaultToken ? secrets.requireSecret("vaultToken") : undefined,
    },
  };
}

/** What the engine knows; the values of secret keys are left where they are. */
function engineSource(): ConfigSource {
  const all = pulumi.runtime.allConfig();
  const secretKeys = Object.keys(all).filter(isConfigSecret);
  const values = Object.entries(all)
    .filter(([key]) => !secretKeys.includes(key))
    .map(([key, text]) => [key, parseEngineValue(text)] as const);
  return { project: pulumi.getProject(), stack: pulumi.getStack(), values: Object.fromEntries(values), secretKeys };
}

/** The SDK exports this function but leaves it out of its type declarations; its own `Config` class calls it. */
function isConfigSecret(key: string): boolean {
  return (pulumi.runtime as unknown as { isConfigSecret: (key: string) => boolean }).isConfigSecret(key);
}
