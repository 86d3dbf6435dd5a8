import assert from "node:assert/strict";
import { parse } from "yaml";
import { checksum, configMap, environment, settings } from "../../../components/systems/fiFhir/config";
import { fiFhirVault } from "../../../components/systems/fiFhir";
import { applicationSecret, databaseSecret } from "../../../components/systems/fiFhir/vault";
import { FI_FHIR, FI_FHIR_EXTERNAL } from "../../program/examples/fi-fhir";

describe("configuration of fi-fhir", () => {
  it("S4.32: verifies the database's certificate and host", () => {
    const { enabled, sslMode, host } = settings(FI_FHIR).database;
    assert.deepEqual([enabled, sslMode, host], [true, "verify-full", "fi-fhir-database.database.svc.cluster.local"]);
    assert.equal(settings(FI_FHIR_EXTERNAL).database.sslMode, "verify-full");
    assert.equal(environment(FI_FHIR).PGSSLROOTCERT, "/run/secrets/database-tls/ca.crt");
  });

  it("S4.34: logs JSON at info, with tracing", () => {
    const { logLevel, logFormat, tracingEnabled } = settings(FI_FHIR).observability;
    assert.deepEqual([logLevel, logFormat, tracingEnabled], ["info", "json", true]);
  });

  it("says the same in the file and in the environment", () => {
    const file = parse(configMap(FI_FHIR).data["config.yaml"]) as ReturnType<typeof settings>;
    assert.deepEqual(file, settings(FI_FHIR));
    const { FI_FHIR_DATABASE_SSL_MODE, FI_FHIR_LOG_FORMAT, FI_FHIR_SERVER_PORT } = environment(FI_FHIR);
    assert.deepEqual(
      [FI_FHIR_DATABASE_SSL_MODE, FI_FHIR_LOG_FORMAT, FI_FHIR_SERVER_PORT],
      ["verify-full", "json", "8080"],
    );
  });

  it("shows our certificate only to a database that asks for it", () => {
    assert.equal(environment(FI_FHIR).PGSSLCERT, "/run/secrets/database-tls/tls.crt");
    assert.equal(environment(FI_FHIR_EXTERNAL).PGSSLCERT, undefined);
  });

  it("changes the checksum with the content, not with its order", () => {
    assert.equal(checksum({ a: "1", b: "2" }), checksum({ b: "2", a: "1" }));
    assert.notEqual(checksum({ a: "1" }), checksum({ a: "2" }));
  });
});

describe("what fi-fhir needs in Vault (S4.28)", () => {
  const needs = fiFhirVault(FI_FHIR);

  it("is one role per ServiceAccount", () => {
    assert.deepEqual(
      needs.access.map(({ role, namespace, serviceAccount }) => [role, namespace, serviceAccount]),
      [
        ["fi-fhir", "fi-fhir", "fi-fhir"],
        ["fi-fhir-database", "database", "fi-fhir-database"],
      ],
    );
  });

  for (const [role, secret] of [
    ["fi-fhir", applicationSecret()],
    ["fi-fhir-database", databaseSecret()],
  ] as const) {
    it(`${role} may read what its ExternalSecret asks for, and each value is seeded`, () => {
      const paths = needs.access.find((access) => access.role === role)?.readPaths ?? [];
      for (const { remoteKey, property } of secret) {
        const allowed = paths.some((path) =>
          path.endsWith("*") ? remoteKey.startsWith(path.slice(0, -1)) : path === remoteKey,
        );
        assert.ok(allowed, `${role} may not read ${remoteKey}`);
        const seeded = needs.seeds.some((seed) => seed.path === remoteKey && seed.property === property);
        assert.ok(seeded, `${remoteKey}#${property} is not seeded`);
      }
    });
  }

  it("keeps the payload key and the FHIR token from the database (S4.33)", () => {
    const paths = needs.access.find(({ role }) => role === "fi-fhir-database")?.readPaths ?? [];
    for (const path of paths) assert.doesNotMatch(path, /^fi-fhir\/(\*|encryption|fhir)/);
  });

  it("is only fi-fhir's own with an external database", () => {
    const external = fiFhirVault(FI_FHIR_EXTERNAL);
    assert.equal(external.access.length, 1);
    assert.ok(external.seeds.every(({ path }) => path.startsWith("fi-fhir/")));
  });
});
