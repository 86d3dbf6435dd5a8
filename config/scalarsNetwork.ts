import { alignCidr, parseCidr } from "./cidr";
import { text } from "./scalars";

/** What is wrong with an IPv4 block, if anything. */
function wrongCidr(value: string): string | undefined {
  if (parseCidr(value)) return undefined;
  const aligned = alignCidr(value);
  return aligned === undefined ? "is not an IPv4 block" : `has bits set behind its prefix (did you mean ${aligned}?)`;
}

export const cidr = () =>
  text(
    {
      allowed: "an IPv4 block like 10.20.0.0/16, with no bit set behind the prefix",
      fix: "write it like 10.20.0.0/16",
    },
    wrongCidr,
  );

/** A block with a prefix between two lengths: a larger block has the smaller prefix. */
export const cidrBetween = (widest: number, narrowest: number) => {
  const range = widest === narrowest ? `/${String(widest)}` : `/${String(widest)} to /${String(narrowest)}`;
  return text({ allowed: `an IPv4 block with prefix ${range}`, fix: `choose a block of prefix ${range}` }, (value) => {
    const wrong = wrongCidr(value);
    const prefix = parseCidr(value)?.prefix ?? widest;
    if (wrong !== undefined) return wrong;
    if (prefix < widest) return "is larger than allowed";
    return prefix > narrowest ? "is smaller than allowed" : undefined;
  });
};

/** Where a workload may go: a /8 is no allow-list, so a /16 is the most. */
export const egressCidr = () =>
  text(
    { allowed: "an IPv4 block with prefix /16 to /32", fix: "name the servers' own block, for instance 10.40.8.0/24" },
    (value) =>
      wrongCidr(value) ??
      ((parseCidr(value)?.prefix ?? 32) < 16 ? "opens egress to far more than a few servers" : undefined),
  );
