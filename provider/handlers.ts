import type { HandlerFactory } from "./handler";
import { clusterHandler } from "./cluster/handler";
import { externalSecretsHandler } from "./externalSecrets/handler";
import { vaultAccessHandler } from "./vault/access";
import { embeddedVaultHandler } from "./vault/handler";
import { vaultSecretHandler } from "./vault/secret";

/** Resource type -> what handles it. */
export const handlerFactories: Readonly<Record<string, HandlerFactory>> = {
  "landingzone:embedded:Cluster": clusterHandler,
  "landingzone:embedded:ExternalSecrets": externalSecretsHandler,
  "landingzone:embedded:Vault": embeddedVaultHandler,
  "landingzone:vault:Access": vaultAccessHandler,
  "landingzone:vault:Secret": vaultSecretHandler,
};
