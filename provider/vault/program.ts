import { dirname, join } from "node:path";
import { ensureAuthority, ensureCertificate } from "../certificates";
import { makePrivateDirectory, readFileIfAny, readJsonIfAny, writePrivateJson } from "../files";
import { choosePorts, replaceTakenPorts } from "../ports";
import { findDaemon, findProgram, logFile, logTailText, startDaemon, stopLeftovers } from "../processes";
import { waitUntilReady } from "../waiting";
import { VaultClient } from "./client";
import { CERTIFICATE, PROGRAM, type VaultLayout } from "./layout";
import type { ReachOptions } from "./reach";

const LOOPBACK = "127.0.0.1";

/** Starts the server, if it does not run, and returns when it answers: sealed, as every Vault starts. */
export async function startVault(layout: VaultLayout, options: ReachOptions): Promise<VaultClient> {
  const program = findProgram(PROGRAM);
  await stopLeftovers(layout.directory, [PROGRAM]);
  // Somebody else may have taken the port while our server was down; then, and only then, the address changes.
  if (!findDaemon(layout.directory, PROGRAM)) await replaceTakenPorts(layout.ports, ["vault"]);
  const { vault: port } = await choosePorts(layout.ports, ["vault"]);

  const authority = await ensureAuthority(layout.pki, "ca", "landing-zone-vault");
  await ensureCertificate(layout.pki, CERTIFICATE, authority, {
    commonName: "vault",
    hosts: ["localhost", LOOPBACK],
    usages: ["server"],
  });
  makePrivateDirectory(layout.storage);
  makePrivateDirectory(dirname(layout.auditLog));
  writePrivateJson(layout.config, configuration(layout, port));

  options.status("starting vault");
  const pki = (file: string): string => join(layout.pki, file);
  await startDaemon({
    name: PROGRAM,
    directory: layout.directory,
    program,
    args: ["server", `-config=${layout.config}`],
    // A change of any of them takes a restart, after which the server is sealed until the next step unseals it.
    files: [layout.config, pki(`${CERTIFICATE}.crt`), pki(`${CERTIFICATE}.key`)],
  });
  const client = knownVault(layout);
  if (!client) throw new Error(`The data directory ${layout.directory} lost its certificates while Vault was started.`);
  await waitUntilReady(() => client.health().then(() => true), {
    what: PROGRAM,
    signal: options.signal,
    timeoutSeconds: options.timeoutSeconds,
    onWait: (seconds, reason) => options.status(`waiting for vault (${seconds} s): ${reason}`),
    hopeless: () =>
      findDaemon(layout.directory, PROGRAM)
        ? undefined
        : `vault ended instead of getting ready.${logTailText(logFile(layout.directory, PROGRAM))}`,
  });
  return client;
}

/** A client for the server of the directory, running or not; `undefined` when there is none yet. */
export function knownVault(layout: VaultLayout): VaultClient | undefined {
  const port = readJsonIfAny<{ vault: number }>(layout.ports)?.vault;
  const authority = readFileIfAny(join(layout.pki, "ca.crt"));
  if (port === undefined || authority === undefined) return undefined;
  return new VaultClient({
    address: `https://${LOOPBACK}:${port}`,
    caBundle: Buffer.from(authority).toString("base64"),
  });
}

/** As the official `vault server` reads it too. */
function configuration(layout: VaultLayout, port: number) {
  const address = `${LOOPBACK}:${port}`;
  const pki = (file: string): string => join(layout.pki, file);
  return {
    listener: [
      {
        tcp: {
          address,
          tls_cert_file: pki(`${CERTIFICATE}.crt`),
          tls_key_file: pki(`${CERTIFICATE}.key`),
          tls_min_version: "tls13",
        },
      },
    ],
    storage: { file: { path: layout.storage } },
    api_addr: `https://${address}`,
    // Locking memory takes a privilege that nobody should need for a first run; production Vaults have it.
    disable_mlock: true,
    ui: false,
  };
}
