import { ArgumentError, type ArgumentProblem } from "../../argumentError";
import type { FiFhirArgs } from "./args";
import { repositoryOptions } from "./database/storage";

/** @throws ArgumentError for what the builders below would not notice themselves. */
export function checkArgs(args: FiFhirArgs): void {
  const { hostname, fhirServer, database } = args;
  if (!/^(?=.{4,253}$)([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/.test(hostname)) {
    refuse({
      argument: "hostname",
      problem: "is no DNS name",
      given: hostname,
      allowed: "such as fi-fhir.example.com: no scheme, no wildcard",
      fix: "set the name that clients use",
    });
  }
  if (fhirServer !== undefined && !fhirServer.baseUrl.startsWith("https://")) {
    refuse({
      argument: "fhirServer.baseUrl",
      problem: "is not encrypted",
      given: fhirServer.baseUrl,
      allowed: "https://...",
      fix: "patient data and the bearer token go over it (S4.5): use the server's https address",
    });
  }
  if (fhirServer !== undefined && fhirServer.egress === undefined && fhirServer.pods === undefined) {
    refuse({
      argument: "fhirServer",
      problem: "can't be reached: no way out to it is open",
      given: fhirServer.baseUrl,
      allowed: "egress (addresses outside the cluster) or pods (inside)",
      fix: "name the narrow block that the server is in",
    });
  }
  if (database.kind === "external") {
    if (!database.caPem.includes("-----BEGIN CERTIFICATE-----") || database.caPem.includes("PRIVATE KEY")) {
      refuse({
        argument: "database.caPem",
        problem: "is no certificate",
        given: "(not shown)",
        allowed: "PEM of the authority's certificate, without a key",
        fix: "download the server authority of the database",
      });
    }
    return;
  }
  repositoryOptions(database.backupStorage);
  if (database.backupStorage.startsWith("gs://") && (database.backupEgress ?? []).length === 0) {
    refuse({
      argument: "database.backupEgress",
      problem: "is empty: backups could not leave the cluster",
      given: [],
      allowed: "address blocks of the storage, such as 199.36.153.8/30 (private.googleapis.com)",
      fix: "open the way to the bucket, and to the metadata server where Workload Identity needs it",
    });
  }
}

function refuse(problem: Omit<ArgumentProblem, "where">): never {
  throw new ArgumentError({ where: "FiFhir", ...problem });
}
