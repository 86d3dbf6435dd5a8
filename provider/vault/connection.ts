import { z } from "zod";

/** Inputs by which a resource reaches Vault. */
export const connectionSchema = {
  address: z
    .string()
    .regex(/^https:\/\/[^/]+$/, 'must be an https URL without a path, for instance "https://vault.example.com:8200"'),
  caBundle: z
    .string()
    .refine(
      (value) => Buffer.from(value, "base64").toString().includes("-----BEGIN CERTIFICATE-----"),
      "must be base64 of a PEM bundle: the authority that signed Vault's certificate",
    ),
  token: z.string().min(1, "must be a token of Vault"),
};

/** A mount as Vault writes it, without slashes at its ends. */
export const mountSchema = z
  .string()
  .regex(/^[A-Za-z0-9_-]+(\/[A-Za-z0-9_-]+)*$/, 'must be a mount such as "secret", without slashes at its ends');

/** A path below a KV mount: no empty, "." or ".." part, which Vault would take for another path. */
export const pathPattern = /^(?!.*(^|\/)\.{1,2}(\/|$))[A-Za-z0-9_.-]+(\/[A-Za-z0-9_.-]+)*$/;

const DEFAULT_TIMEOUT_SECONDS = 60;

/** How long a call may wait: what `customTimeouts` says; the engine gives 0 when it says nothing. */
export function timeoutOf({ timeout = 0 }: { timeout?: number }): number {
  return timeout > 0 ? timeout : DEFAULT_TIMEOUT_SECONDS;
}
