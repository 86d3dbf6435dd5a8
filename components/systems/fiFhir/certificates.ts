import type { IssuerReference } from "./args";

export interface CertificateSpec {
  name: string;
  namespace: string;
  /** Secret that holds `tls.crt`, `tls.key` and `ca.crt`. @default `name` */
  secretName?: string;
  issuer: IssuerReference;
  commonName?: string;
  dnsNames?: readonly string[];
  usages: readonly ("server auth" | "client auth")[];
}

/**
 * A cert-manager Certificate: 90 days, renewed 30 days before, with a new key each time (S4.55). ECDSA P-256, which every
 * TLS 1.3 peer has and which costs a handshake the least.
 */
export function certificate({ name, namespace, secretName = name, issuer, ...subject }: CertificateSpec) {
  const { commonName, dnsNames, usages } = subject;
  return {
    apiVersion: "cert-manager.io/v1",
    kind: "Certificate",
    metadata: { name, namespace },
    spec: {
      secretName,
      issuerRef: { group: "cert-manager.io", kind: issuer.kind ?? "ClusterIssuer", name: issuer.name },
      ...(commonName === undefined ? {} : { commonName }),
      ...(dnsNames === undefined ? {} : { dnsNames: [...dnsNames] }),
      usages: ["digital signature", ...usages],
      duration: "2160h0m0s",
      renewBefore: "720h0m0s",
      privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
    },
  };
}
