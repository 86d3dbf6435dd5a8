import "reflect-metadata";
import { createPublicKey, randomBytes, webcrypto } from "node:crypto";
import { isIP } from "node:net";
import { join } from "node:path";
import * as x509 from "@peculiar/x509";
import { readFileIfAny, writePrivateFile } from "./files";

/** ECDSA on P-256: short keys, quick to make, and understood by every TLS 1.3 client and by service account tokens. */
const KEY = { name: "ECDSA", namedCurve: "P-256" } as const;
const SIGNATURE = { name: "ECDSA", hash: "SHA-256" } as const;
const DAY = 24 * 3600 * 1000;
const AUTHORITY_DAYS = 3650;
const CERTIFICATE_DAYS = 365;
/** A certificate with less than this left is made anew by the next operation on its resource. */
const RENEWAL_DAYS = 30;

/** PEM texts of a certificate and its private key. */
export interface CertificateAndKey {
  certificate: string;
  key: string;
}

export interface CertificateRequest {
  commonName: string;
  /** Groups of a Kubernetes client. */
  organization?: string;
  /** DNS names and IP addresses of a server. */
  hosts?: readonly string[];
  usages: readonly ("server" | "client")[];
}

/** The private authority `<name>.crt` and `<name>.key` in `directory`, made when it is not there. */
export async function ensureAuthority(directory: string, name: string, commonName: string): Promise<CertificateAndKey> {
  const known = readPair(directory, name);
  if (known) return known;
  const keys = await generateKeys();
  const authority = await x509.X509CertificateGenerator.createSelfSigned({
    ...validity(AUTHORITY_DAYS),
    name: [{ CN: [commonName] }],
    keys,
    signingAlgorithm: SIGNATURE,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return writePair(directory, name, authority, keys);
}

/** The certificate `<name>.crt` with its key, signed by `authority`; made when missing, soon to expire or signed by another. */
export async function ensureCertificate(
  directory: string,
  name: string,
  authority: CertificateAndKey,
  request: CertificateRequest,
): Promise<CertificateAndKey> {
  const issuer = new x509.X509Certificate(authority.certificate);
  const known = readPair(directory, name);
  if (known && (await isStillGood(known, issuer))) return known;
  const keys = await generateKeys();
  const usages = { server: x509.ExtendedKeyUsage.serverAuth, client: x509.ExtendedKeyUsage.clientAuth };
  const certificate = await x509.X509CertificateGenerator.create({
    ...validity(CERTIFICATE_DAYS),
    subject: [{ CN: [request.commonName] }, ...(request.organization ? [{ O: [request.organization] }] : [])],
    issuer: issuer.subject,
    publicKey: keys.publicKey,
    signingKey: await importKey(authority.key),
    signingAlgorithm: SIGNATURE,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension(request.usages.map((usage) => usages[usage])),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey),
      ...(request.hosts ? [new x509.SubjectAlternativeNameExtension(request.hosts.map(hostName))] : []),
    ],
  });
  return writePair(directory, name, certificate, keys);
}

/** A key pair without certificate, `<name>.key` and `<name>.pub`: Kubernetes signs service account tokens with one. */
export async function ensureKeyPair(directory: string, name: string): Promise<void> {
  // The public key is written last, so a pair that was interrupted is made again.
  if (readFileIfAny(join(directory, `${name}.pub`)) !== undefined) return;
  const keys = await generateKeys();
  writePrivateFile(join(directory, `${name}.key`), await exportKey(keys.privateKey));
  writePrivateFile(
    join(directory, `${name}.pub`),
    keyPem("PUBLIC KEY", await webcrypto.subtle.exportKey("spki", keys.publicKey)),
  );
}

function hostName(host: string): { type: "ip" | "dns"; value: string } {
  return { type: isIP(host) ? "ip" : "dns", value: host };
}

function readPair(directory: string, name: string): CertificateAndKey | undefined {
  const certificate = readFileIfAny(join(directory, `${name}.crt`));
  const key = readFileIfAny(join(directory, `${name}.key`));
  return certificate !== undefined && key !== undefined ? { certificate, key } : undefined;
}

async function writePair(
  directory: string,
  name: string,
  certificate: x509.X509Certificate,
  keys: webcrypto.CryptoKeyPair,
): Promise<CertificateAndKey> {
  const pair = { certificate: `${certificate.toString("pem")}\n`, key: await exportKey(keys.privateKey) };
  // The certificate last: a pair that was interrupted half-way is made again.
  writePrivateFile(join(directory, `${name}.key`), pair.key);
  writePrivateFile(join(directory, `${name}.crt`), pair.certificate);
  return pair;
}

async function isStillGood(pair: CertificateAndKey, issuer: x509.X509Certificate): Promise<boolean> {
  const certificate = new x509.X509Certificate(pair.certificate);
  if (certificate.notAfter.getTime() < Date.now() + RENEWAL_DAYS * DAY) return false;
  // A renewal that was interrupted leaves the new key beside the old certificate.
  const publicKey = createPublicKey(pair.key).export({ type: "spki", format: "der" });
  if (!publicKey.equals(Buffer.from(certificate.publicKey.rawData))) return false;
  return certificate.verify({ publicKey: issuer.publicKey, signatureOnly: true });
}

function validity(days: number): { serialNumber: string; notBefore: Date; notAfter: Date } {
  // A little into the past, for clocks that differ; the serial number is positive.
  const serialNumber = `00${randomBytes(15).toString("hex")}`;
  return { serialNumber, notBefore: new Date(Date.now() - 3600_000), notAfter: new Date(Date.now() + days * DAY) };
}

function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(KEY, true, ["sign", "verify"]);
}

function importKey(pem: string): Promise<webcrypto.CryptoKey> {
  return webcrypto.subtle.importKey("pkcs8", x509.PemConverter.decodeFirst(pem), KEY, false, ["sign"]);
}

async function exportKey(key: webcrypto.CryptoKey): Promise<string> {
  return keyPem("PRIVATE KEY", await webcrypto.subtle.exportKey("pkcs8", key));
}

function keyPem(label: string, der: ArrayBuffer): string {
  return `${x509.PemConverter.encode(der, label)}\n`;
}
