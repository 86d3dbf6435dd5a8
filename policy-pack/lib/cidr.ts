import { isIP } from "node:net";

/** Inclusive range of addresses of one family. */
export interface Range {
  family: 4 | 6;
  from: bigint;
  to: bigint;
}

/** Undefined for what is no CIDR. */
export function parseCidr(text: string): Range | undefined {
  const [address = "", prefix = "", ...rest] = text.split("/");
  const family = isIP(address);
  const bits = family === 4 ? 32 : 128;
  const length = /^\d{1,3}$/.test(prefix) ? Number(prefix) : -1;
  if (rest.length > 0 || (family !== 4 && family !== 6) || length < 0 || length > bits) return undefined;
  const size = 1n << BigInt(bits - length);
  const value = family === 4 ? ipv4(address) : ipv6(address);
  const from = value - (value % size);
  return { family, from, to: from + size - 1n };
}

function ipv4(address: string): bigint {
  return address.split(".").reduce((value, octet) => value * 256n + BigInt(octet), 0n);
}

function ipv6(address: string): bigint {
  const plain = (address.split("%")[0] ?? "").replace(/\d+\.\d+\.\d+\.\d+$/, (tail) => {
    const value = ipv4(tail);
    return `${(value >> 16n).toString(16)}:${(value & 0xffffn).toString(16)}`;
  });
  const [head = "", tail] = plain.split("::");
  const groups = (part: string): string[] => part.split(":").filter((group) => group !== "");
  const right = tail === undefined ? [] : groups(tail);
  const left = groups(head);
  const zeros = Array<string>(Math.max(0, 8 - left.length - right.length)).fill("0");
  return [...left, ...zeros, ...right].reduce((value, group) => value * 65536n + BigInt(`0x${group}`), 0n);
}

/** What is left of `range` without `holes`. */
export function without(range: Range, holes: readonly Range[]): Range[] {
  return holes.reduce<Range[]>(
    (rest, hole) =>
      rest.flatMap((part) => {
        if (hole.family !== part.family || hole.to < part.from || hole.from > part.to) return [part];
        const before = { ...part, to: hole.from - 1n };
        const after = { ...part, from: hole.to + 1n };
        return [before, after].filter(({ from, to }) => from <= to);
      }),
    [range],
  );
}

/** Networks that are not the internet: those of the cluster, of the company and of the cloud's metadata server. */
const PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "fc00::/7", "fe80::/10"]
  .map(parseCidr)
  .filter((range) => range !== undefined);

/** More addresses than any private network has: a /7 for IPv4, a /6 for IPv6. */
const WIDE = { 4: 1n << 25n, 6: 1n << 122n };

/**
 * True when the ranges together stand for "everybody": more than any private network could need, and private networks
 * among them. The internet without private networks is not everybody.
 */
export function coversEverybody(ranges: readonly Range[]): boolean {
  return ([4, 6] as const).some((family) => {
    const merged = merge(ranges.filter((range) => range.family === family));
    const size = merged.reduce((sum, { from, to }) => sum + (to - from + 1n), 0n);
    return size >= WIDE[family] && merged.some((range) => PRIVATE.some((net) => overlaps(range, net)));
  });
}

function overlaps(a: Range, b: Range): boolean {
  return a.family === b.family && a.from <= b.to && b.from <= a.to;
}

function merge(ranges: readonly Range[]): Range[] {
  const merged: Range[] = [];
  for (const range of [...ranges].sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0))) {
    const last = merged.at(-1);
    if (last && range.from <= last.to + 1n) last.to = range.to > last.to ? range.to : last.to;
    else merged.push({ ...range });
  }
  return merged;
}
