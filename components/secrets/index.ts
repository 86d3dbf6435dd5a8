export { EmbeddedExternalSecrets, type EmbeddedExternalSecretsArgs } from "./embeddedExternalSecrets";
export { ExternalSecretsController, type ExternalSecretsControllerArgs } from "./externalSecretsController";
export { EmbeddedVault, type EmbeddedVaultArgs } from "./embeddedVault";
export { externalSecretArgs, SyncedSecret, type SyncedKey, type SyncedSecretArgs } from "./syncedSecret";
export { VaultAccess, type VaultAccessArgs } from "./vaultAccess";
export type { VaultAdmin } from "./vaultAdmin";
export { VaultSecret, type VaultSecretArgs } from "./vaultSecret";
export { secretStoreArgs, VaultSecretStore, type VaultSecretStoreArgs } from "./vaultSecretStore";
