import { isIP } from "node:net";
import { ArgumentError } from "../argumentError";

/** The widest blocks that a policy may open. */
const WIDEST = { 4: 16, 6: 48 } as const;

/**
 * @returns `cidr`
 * @throws ArgumentError when it is no address block or so wide that it means "anywhere" (PP.17).
 */
export function checkCidr(policy: string, cidr: string): string {
  const [address = "", length = ""] = cidr.split("/");
  const family = isIP(address);
  const prefix = /^\d+$/.test(length) ? Number(length) : NaN;
  const good = (family === 4 || family === 6) && prefix >= WIDEST[family] && prefix <= (family === 4 ? 32 : 128);
  if (good) return cidr;
  throw new ArgumentError({
    where: `NetworkPolicy "${policy}"`,
    argument: "cidr",
    problem: family === 0 || Number.isNaN(prefix) ? "is no address block" : "is too wide or has an impossible length",
    given: cidr,
    allowed: "IPv4 from /16 to /32, IPv6 from /48 to /128",
    fix: "name the subnet of the service that is really called",
  });
}
