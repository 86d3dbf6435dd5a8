/** An IPv4 block as two numbers: first address and size. */
export interface Cidr {
  readonly first: number;
  readonly size: number;
  readonly prefix: number;
}

const SHAPE = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/;

/** Reads `10.0.0.0/8`; undefined when it is no IPv4 block or when bits are set behind the prefix (`10.0.0.1/8`). */
export function parseCidr(text: string): Cidr | undefined {
  const match = SHAPE.exec(text);
  if (!match) return undefined;
  const [a = 0, b = 0, c = 0, d = 0, prefix = 0] = match.slice(1).map(Number);
  if (prefix > 32 || [a, b, c, d].some((octet) => octet > 255)) return undefined;
  const size = 2 ** (32 - prefix);
  const first = ((a * 256 + b) * 256 + c) * 256 + d;
  return first % size === 0 ? { first, size, prefix } : undefined;
}

/** The block that was probably meant: the same prefix with the bits behind it cleared. */
export function alignCidr(text: string): string | undefined {
  const match = SHAPE.exec(text);
  if (!match) return undefined;
  const [a = 0, b = 0, c = 0, d = 0, prefix = 0] = match.slice(1).map(Number);
  if (prefix > 32 || [a, b, c, d].some((octet) => octet > 255)) return undefined;
  const size = 2 ** (32 - prefix);
  const address = ((a * 256 + b) * 256 + c) * 256 + d;
  return formatCidr({ first: address - (address % size), size, prefix });
}

export function formatCidr(cidr: Cidr): string {
  const octets = [24, 16, 8, 0].map((shift) => Math.floor(cidr.first / 2 ** shift) % 256);
  return `${octets.join(".")}/${String(cidr.prefix)}`;
}

/** Whether two blocks share an address. */
export function overlaps(one: Cidr, other: Cidr): boolean {
  return one.first < other.first + other.size && other.first < one.first + one.size;
}
