import { X509Certificate } from "node:crypto";
import { z } from "zod";

/** What an error says besides what is wrong. It hangs on the schema as metadata, so that the documentation has it too. */
interface Text {
  /** What is allowed, as the end of "allowed: ...". */
  readonly allowed: string;
  /** The likely fix. */
  readonly fix: string;
}

/** A string with a rule: `wrong` says what is wrong with a value, or nothing when it is fine. */
export function text(about: Text, wrong: (value: string) => string | undefined) {
  return z
    .string()
    .check((ctx) => {
      const message = wrong(ctx.value);
      if (message !== undefined) ctx.issues.push({ code: "custom", input: ctx.value, message });
    })
    .meta({ ...about });
}

/** A string that a regular expression describes completely. */
export function pattern(expression: RegExp, wrong: string, about: Text) {
  return text(about, (value) => (expression.test(value) ? undefined : wrong));
}

export const DNS_LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const FQDN = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;

export const name = () =>
  pattern(DNS_LABEL, "is not a DNS-1123 label", {
    allowed: "1 to 63 of a-z, 0-9 and '-', starting and ending with a letter or digit",
    fix: "use lower case and '-' only",
  });

/** A namespace of ours: never `default` (it can't be hardened for one system alone) and never the cluster's own. */
export const namespace = () =>
  text(
    {
      allowed: "a DNS-1123 label that is not 'default' and does not start with 'kube-'",
      fix: "give the system a namespace of its own",
    },
    (value) => {
      if (!DNS_LABEL.test(value)) return "is not a DNS-1123 label";
      if (value === "default") return "is the namespace 'default', which is nobody's and hardened for nothing";
      return value.startsWith("kube-") ? "is reserved for Kubernetes itself" : undefined;
    },
  );

export const fqdn = () =>
  pattern(FQDN, "is not a fully qualified host name", {
    allowed: "a host name with at least one dot, lower case, without scheme, port or path",
    fix: "write it like fi-fhir.example.com",
  });

export const trustDomain = () =>
  pattern(/^(?=.{1,255}$)[a-z0-9]([a-z0-9._-]*[a-z0-9])?$/, "is not a SPIFFE trust domain", {
    allowed: "lower-case letters, digits, '.', '-' and '_'",
    fix: "give the bare domain, without spiffe:// or a path",
  });

export const httpsUrl = () =>
  text(
    { allowed: "an https:// URL without user, query or fragment", fix: "write it like https://vault.example.com:8200" },
    (value) => {
      if (!URL.canParse(value)) return "is not a URL";
      const url = new URL(value);
      if (url.protocol !== "https:") return "does not use https, so what it carries could be read on the way";
      if (url.username || url.password) return "carries a user or password";
      return url.search || url.hash ? "has a query or fragment" : undefined;
    },
  );

export const relativePath = () =>
  text(
    { allowed: "a path relative to the project folder", fix: "write it like .landing-zone/sources/..." },
    (value) => {
      if (value.trim() === "") return "is empty";
      if (value.includes("://")) return "is a URL";
      if (value.startsWith("/") || value.startsWith("~"))
        return "is absolute, so it would be right on one machine only";
      return undefined;
    },
  );

/** What is wrong with PEM that should hold the certificates of authorities and nothing else, if anything. */
function wrongAuthorities(pem: string): string | undefined {
  if (pem.includes("PRIVATE KEY")) return "holds a private key";
  const certificates = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  if (certificates.length === 0) return "holds no PEM certificate";
  return certificates.every(isAuthority) ? undefined : "holds a certificate that can't be read or is no authority";
}

function isAuthority(pem: string): boolean {
  try {
    return new X509Certificate(pem).ca;
  } catch {
    return false;
  }
}

export const caPem = () =>
  text(
    { allowed: "one or more CA certificates as PEM", fix: "paste the file's text, indented, behind `|`" },
    wrongAuthorities,
  );

/** As Kubernetes and External Secrets want a bundle: PEM, then in base64. */
export const caBundle = () =>
  text(
    { allowed: "one or more CA certificates as PEM, then in base64", fix: "take the output of `base64 -w0 < ca.pem`" },
    (value) =>
      value.includes("-----BEGIN")
        ? "is PEM as it is, not in base64"
        : wrongAuthorities(Buffer.from(value, "base64").toString("latin1")),
  );

export const sha256 = () =>
  pattern(/^sha256:[0-9a-f]{64}$/, "is not a SHA-256 digest", {
    allowed: "sha256: and 64 hexadecimal digits in lower case",
    fix: "copy the whole digest, with its sha256: in front",
  });

/** Names of groups, keys, releases and the like that end in a shell or a URL nowhere but still should be plain. */
export const word = (what: string) =>
  pattern(/^[A-Za-z0-9][A-Za-z0-9._@:/-]{0,252}$/, `is not ${what}`, {
    allowed: "letters, digits and . _ @ : / -, at most 253",
    fix: "leave out spaces and other signs",
  });
