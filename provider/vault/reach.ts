import { setTimeout as sleep } from "node:timers/promises";
import type { Log, ResourceCall } from "../../hermetic/protocol/provider";
import { VaultRefusal, type VaultClient } from "./client";
import { timeoutOf } from "./connection";

export interface ReachOptions {
  signal: AbortSignal;
  timeoutSeconds: number;
  /** Shown on the resource's own line. */
  status: (message: string) => void;
}

/** What network calls say when nobody is there (yet). */
const NOBODY_THERE = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOTFOUND",
  "EAI_AGAIN",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EPIPE",
]);

/**
 * Runs `work` as soon as Vault is there, unsealed and takes the token; waits for it with a line each second. A Vault that
 * goes away in the middle is waited for again, so `work` must be one that can be done twice.
 */
export async function reachVault<Result>(
  client: VaultClient,
  { signal, timeoutSeconds, status }: ReachOptions,
  work: () => Promise<Result>,
): Promise<Result> {
  const { address } = client.connection;
  const start = Date.now();
  let lastLine = 0;
  for (;;) {
    const attempt = await tryOnce(client, work);
    if ("result" in attempt) return attempt.result;
    const seconds = (Date.now() - start) / 1000;
    if (seconds >= timeoutSeconds) {
      throw new Error(
        `Vault at ${address} can't be used, waited ${timeoutSeconds} s: ${attempt.reason}. Nothing was changed by this step. ` +
          `${attempt.fix} Then run \`pulumi up\` again: it goes on from here.`,
      );
    }
    if (seconds - lastLine >= 1 || lastLine === 0) {
      lastLine = seconds;
      status(`waiting for Vault at ${address}: ${attempt.reason} (${Math.floor(seconds)} s of ${timeoutSeconds} s)`);
    }
    await sleep(200, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) throw new Error(`Cancelled while waiting for Vault at ${address}: ${attempt.reason}.`);
  }
}

interface NotYet {
  reason: string;
  /** One sentence: what a person can do about it. */
  fix: string;
}

async function tryOnce<Result>(client: VaultClient, work: () => Promise<Result>): Promise<{ result: Result } | NotYet> {
  try {
    return (await notReady(client)) ?? { result: await work() };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    if (NOBODY_THERE.has(code)) {
      return { reason: `nobody answers (${code})`, fix: "Start Vault, or correct its address if it is another one." };
    }
    if (error instanceof Error && error.message.includes("does not answer within")) {
      return { reason: "it does not answer in time", fix: "See Vault's own log for what keeps it." };
    }
    if (isSealed(error)) return SEALED;
    throw explained(error, client.connection.address, code);
  }
}

const SEALED: NotYet = {
  reason: "it is sealed",
  fix: "Unseal it (`vault operator unseal`); the local one unseals itself with the next `pulumi up`.",
};

async function notReady(client: VaultClient): Promise<NotYet | undefined> {
  const health = await client.health();
  if (!health.initialized) return { reason: "it is not initialised", fix: "Run `vault operator init` and unseal it." };
  return health.sealed ? SEALED : undefined;
}

/** Sealed between the question and the work, or about to end. */
function isSealed(error: unknown): boolean {
  return error instanceof VaultRefusal && error.status === 503;
}

function explained(error: unknown, address: string, code: string): unknown {
  if (error instanceof VaultRefusal && error.status === 403) {
    return new Error(
      `${error.message}. The token is unknown, has ended, or its policies don't allow this. Give a valid token as a ` +
        "secret; it must be allowed to write policies, roles and values (see docs/components/secrets.md).",
    );
  }
  if (/CERT|SELF_SIGNED|UNABLE_TO|TLS|SSL/.test(code)) {
    return new Error(
      `The certificate of Vault at ${address} is not accepted (${code}). caBundle must hold the authority that signed it, ` +
        "as base64 of its PEM, and the certificate must be valid for the host in the address.",
    );
  }
  return error;
}

/** {@link reachVault} for the calls of a resource: it ends with them, within their time, and shows on the resource's line. */
export function reachFor(log: Log) {
  return <Result>(call: ResourceCall & { timeout?: number }, client: VaultClient, work: () => Promise<Result>) =>
    reachVault(
      client,
      { signal: call.signal, timeoutSeconds: timeoutOf(call), status: (message) => log.status(message, call.urn) },
      work,
    );
}
