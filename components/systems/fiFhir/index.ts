export type { ExternalDatabase, FhirServer, FiFhirArgs, InClusterDatabase, IssuerReference, Monitoring } from "./args";
export { BACKUP_ALERTS, OBJECTIVE_ALERTS, RENEWAL_ALERTS, WORKFLOW_ALERTS } from "./alerts";
export { FiFhirDatabase } from "./database/database";
export { FiFhir } from "./fiFhir";
export * as figures from "./figures";
export { INGRESS_NGINX_CONTROLLER_CONFIG } from "./ingress";
export { fiFhirVault } from "./vault";
export type { VaultNeeds, VaultSeed } from "./vault";
