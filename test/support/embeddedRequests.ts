import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import type { JsonObject } from "../../hermetic/protocol/values";
import type { TestCluster } from "./embeddedCluster";

export interface AuditEntry {
  level: string;
  verb: string;
  requestURI: string;
  objectRef?: { resource: string; subresource?: string; namespace?: string; name?: string };
  requestObject?: object;
  responseObject?: object;
}

/** Posts an object and expects that the API server accepts it. */
export async function created(cluster: TestCluster, path: string, object: object): Promise<void> {
  const { status, body } = await cluster.api("POST", path, object);
  assert.equal(status, 201, body);
}

export function pod(name: string, securityContext: object = {}) {
  const spec = { containers: [{ name: "main", image: "example.org/main:1", securityContext }] };
  return { apiVersion: "v1", kind: "Pod", metadata: { name }, spec };
}

/** A token of the ServiceAccount `default` in fi-fhir, made for Vault. */
export async function vaultToken(cluster: TestCluster): Promise<string> {
  const path = "/api/v1/namespaces/fi-fhir/serviceaccounts/default/token";
  const request = {
    apiVersion: "authentication.k8s.io/v1",
    kind: "TokenRequest",
    spec: { audiences: ["vault"], expirationSeconds: 600 },
  };
  const answer = await cluster.api("POST", path, request);
  assert.equal(answer.status, 201, answer.body);
  return answer.json<{ status: { token: string } }>().status.token;
}

/** Entries of the audit log; waits for the first one, which may be written a moment after the answer. */
export async function audited(cluster: TestCluster, wanted: (entry: AuditEntry) => boolean): Promise<AuditEntry[]> {
  let found: AuditEntry[] = [];
  await eventually("an entry in the audit log", () => {
    const lines = readFileSync(cluster.layout.auditLog, "utf8").split("\n");
    // The last line may be half written.
    found = lines
      .slice(0, -1)
      .map((line) => JSON.parse(line) as AuditEntry)
      .filter(wanted);
    return Promise.resolve(found.length > 0);
  });
  return found;
}

export async function becomes(cluster: TestCluster, path: string, field: string, wanted: unknown): Promise<void> {
  let body = "";
  const reached = async (): Promise<boolean> => {
    const answer = await cluster.api("GET", path);
    body = answer.body;
    return answer.json<{ status?: Record<string, unknown> }>().status?.[field] === wanted;
  };
  await eventually(() => `${path} to reach ${field} ${String(wanted)}: ${body}`, reached);
}

export async function eventually(what: string | (() => string), reached: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 20_000;
  while (!(await reached())) {
    if (Date.now() > end) throw new Error(`Waited in vain for ${typeof what === "string" ? what : what()}`);
    await sleep(100);
  }
}

/** Creates a cluster in a process of its own and kills that process at the status line `moment`. */
export async function killedCreate(root: string, inputs: JsonObject, moment: string): Promise<void> {
  const env = { ...process.env, LANDING_ZONE_ROOT: root };
  const script = join(__dirname, "createEmbeddedCluster.ts");
  const child = spawn(process.execPath, ["--import", "tsx", script], { env, stdio: ["pipe", "pipe", "inherit"] });
  child.stdin.end(JSON.stringify(inputs));
  const seen: string[] = [];
  const ended = new Promise<NodeJS.Signals | null>((resolve) => child.once("exit", (_code, signal) => resolve(signal)));
  for await (const line of createInterface({ input: child.stdout })) {
    seen.push(line);
    if (line === moment) child.kill("SIGKILL");
  }
  assert.equal(await ended, "SIGKILL", `the create ended by itself after: ${seen.join(", ")}`);
}

export function encryptionSecret(cluster: TestCluster): string {
  const { keys } = JSON.parse(readFileSync(cluster.layout.encryptionKeys, "utf8")) as { keys: [{ secret: string }] };
  return keys[0].secret;
}
