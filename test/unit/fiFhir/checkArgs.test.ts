import assert from "node:assert/strict";
import { checkArgs } from "../../../components/systems/fiFhir/checkArgs";
import type { FiFhirArgs } from "../../../components/systems/fiFhir";
import { repositoryOptions } from "../../../components/systems/fiFhir/database/storage";
import { FI_FHIR, FI_FHIR_EXTERNAL } from "../../program/examples/fi-fhir";

const WRONG: [title: string, args: FiFhirArgs, message: RegExp][] = [
  ["a wildcard host", { ...FI_FHIR, hostname: "*.example.com" }, /hostname is no DNS name; given: "\*\.example\.com"/],
  ["a URL as host", { ...FI_FHIR, hostname: "https://a.example.com" }, /no scheme/],
  ["FHIR over http", { ...FI_FHIR, fhirServer: { baseUrl: "http://fhir", egress: [] } }, /baseUrl is not encrypted/],
  [
    "a FHIR server behind closed doors",
    { ...FI_FHIR, fhirServer: { baseUrl: "https://fhir.example.com" } },
    /can't be reached/,
  ],
  ["backups nowhere", inCluster({ backupStorage: "s3://bucket" }), /backupStorage is no place for backups/],
  ["backups without a way out", inCluster({ backupEgress: [] }), /backupEgress is empty/],
  [
    "a key instead of a certificate",
    external("-----BEGIN PRIVATE KEY-----"),
    /caPem is no certificate; given: "\(not shown\)"/,
  ],
];

function inCluster(change: object): FiFhirArgs {
  return { ...FI_FHIR, database: { ...FI_FHIR.database, ...change } };
}

function external(caPem: string): FiFhirArgs {
  return { ...FI_FHIR_EXTERNAL, database: { ...FI_FHIR_EXTERNAL.database, caPem } as FiFhirArgs["database"] };
}

describe("checkArgs", () => {
  it("accepts the examples", () => {
    checkArgs(FI_FHIR);
    checkArgs(FI_FHIR_EXTERNAL);
  });

  for (const [title, args, message] of WRONG) {
    it(`refuses ${title}`, () => {
      assert.throws(() => checkArgs(args), message);
    });
  }
});

describe("repositoryOptions", () => {
  it("reads a bucket with Workload Identity, without any key", () => {
    assert.deepEqual(repositoryOptions("gs://clinic-backups/fi-fhir"), {
      "repo1-type": "gcs",
      "repo1-gcs-bucket": "clinic-backups",
      "repo1-gcs-key-type": "auto",
      "repo1-path": "/fi-fhir",
    });
  });

  for (const storage of [
    "",
    "gs://",
    "gs://UPPER",
    "/backups",
    "http://a/b",
    "gs://bucket/a\nrepo1-cipher-type=none",
  ]) {
    it(`refuses ${JSON.stringify(storage)}`, () => {
      assert.throws(() => repositoryOptions(storage), /allowed: gs:\/\/BUCKET\/PATH/);
    });
  }
});
