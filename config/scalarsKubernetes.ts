import { pattern, text } from "./scalars";

/** Kubernetes minor versions (1.x) that the components and charts are written for. */
export const SUPPORTED_MINORS = { oldest: 33, newest: 36 } as const;
const RANGE = `1.${String(SUPPORTED_MINORS.oldest)} to 1.${String(SUPPORTED_MINORS.newest)}`;

/** `1.36` or `1.36.3`, without `v`, inside the supported range. */
export const kubernetesVersion = () =>
  text(
    { allowed: `1.MINOR or 1.MINOR.PATCH without 'v', from ${RANGE}`, fix: "write it like 1.36.3, quoted in YAML" },
    (value) => {
      const match = /^1\.(\d+)(\.\d+)?$/.exec(value);
      if (!match) return "is not a Kubernetes version";
      const minor = Number(match[1]);
      if (minor < SUPPORTED_MINORS.oldest) return "is older than what the landing zone supports";
      return minor > SUPPORTED_MINORS.newest ? "is newer than what the landing zone was tested with" : undefined;
    },
  );

const QUANTITY = /^(\d+(?:\.\d+)?)(m|k|Ki|M|Mi|G|Gi|T|Ti)?$/;
const FACTORS: Readonly<Record<string, number>> = {
  m: 1e-3,
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/** The number that a quantity stands for (`100m` → 0.1, `1Ki` → 1024); undefined when it is none. */
export function parseQuantity(value: string): number | undefined {
  const match = QUANTITY.exec(value);
  const factor = FACTORS[match?.[2] ?? ""];
  return match && factor !== undefined ? Number(match[1]) * factor : undefined;
}

/** An amount of memory or disk: never without a unit, which would be bytes. */
function wrongBytes(value: string): string | undefined {
  const amount = parseQuantity(value);
  if (amount === undefined) return "is not a Kubernetes quantity";
  if (amount <= 0) return "is zero";
  return /[KMGTk]i?$/.test(value) ? undefined : "has no unit of bytes";
}

export const bytes = () =>
  text({ allowed: "bytes with a unit: Ki, Mi, Gi, Ti, k, M, G or T", fix: "write it like 512Mi or 20Gi" }, wrongBytes);

const IMAGE =
  /^[a-z0-9]+(?:[._-][a-z0-9]+)*(?:\.[a-z0-9-]+)*(?::\d+)?(?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)+(?::([\w][\w.-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?$/;

export interface ImageParts {
  readonly registry: string;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
}

/** Splits an image reference; undefined when it is none. */
export function parseImage(value: string): ImageParts | undefined {
  const match = IMAGE.exec(value);
  return match ? { registry: value.slice(0, value.indexOf("/")), tag: match[1], digest: match[2] } : undefined;
}

export const image = () =>
  text(
    {
      allowed:
        "REGISTRY/NAME:TAG or REGISTRY/NAME:TAG@sha256:DIGEST with the registry spelled out and a tag other than latest",
      fix: "write it like docker.io/library/postgres:17.6",
    },
    (value) => {
      const parts = parseImage(value);
      if (!parts) return "is not an image reference with a registry";
      if (!/[.:]/.test(parts.registry)) return "does not say which registry it comes from";
      if (parts.tag === "latest") return "uses the tag 'latest', which is another image every day";
      return parts.tag === undefined && parts.digest === undefined ? "has neither tag nor digest" : undefined;
    },
  );

export const podSecurityVersion = () =>
  pattern(/^v1\.\d{2}$/, "is not a pinned Pod Security version", {
    allowed: "v1.MINOR; 'latest' would change the rules under running workloads",
    fix: "write it like v1.36",
  });
