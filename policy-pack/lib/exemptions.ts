/** At most this many days ahead: an exemption is a date to come back to, not a switch. */
export const MAX_EXEMPTION_DAYS = 180;

/** One agreed exception to one control, from the stack's configuration `policy:exemptions`. */
export interface Exemption {
  control: string;
  /** Name of the resource, of the object or URN; `*` stands for any text. */
  resource?: string;
  /** Namespace of the object; `*` stands for any text. */
  namespace?: string;
  owner: string;
  reason: string;
  /** The last day on which it holds, as 2027-01-31. */
  expires: string;
}

/** What an exemption is held against. Unknown names and namespaces are absent, and match nothing. */
export interface Subject {
  urn: string;
  resourceName: string;
  objectName?: string | undefined;
  namespace?: string | undefined;
}

export interface Rejected {
  index: number;
  control: string;
  problem: string;
}

/** Texts of every exemption that is in force, those that are not and why, and which of them had an effect. */
export class Exemptions {
  readonly active: readonly Exemption[];
  readonly rejected: readonly Rejected[];
  private readonly used = new Map<Exemption, Set<string>>();

  constructor(value: unknown, controls: ReadonlySet<string>, today: Date) {
    const active: Exemption[] = [];
    const rejected: Rejected[] = [];
    const entries: unknown[] = value === undefined ? [] : Array.isArray(value) ? value : [value];
    entries.forEach((entry, index) => {
      const problem = problemOf(entry, controls, today);
      if (problem === undefined) active.push(tidy(entry as Exemption));
      else rejected.push({ index, control: controlOf(entry), problem });
    });
    this.active = active;
    this.rejected = rejected;
  }

  /** The exemption that covers a violation of `control` by `subject`, if any, and takes note that it was needed. */
  cover(control: string, subject: Subject): Exemption | undefined {
    const exemption = this.active.find((candidate) => candidate.control === control && matches(candidate, subject));
    if (exemption) {
      const users = this.used.get(exemption) ?? new Set<string>();
      this.used.set(exemption, users.add(subject.urn));
    }
    return exemption;
  }

  /** URNs of the resources whose violations it covered so far. */
  usersOf(exemption: Exemption): ReadonlySet<string> {
    return this.used.get(exemption) ?? new Set();
  }
}

function tidy(exemption: Exemption): Exemption {
  return { ...exemption, expires: dateOf(exemption.expires) };
}

const KEYS = ["control", "resource", "namespace", "owner", "reason", "expires"];
const DAY = 24 * 60 * 60 * 1000;

function problemOf(entry: unknown, controls: ReadonlySet<string>, today: Date): string | undefined {
  if (typeof entry !== "object" || entry === null || Array.isArray(entry)) {
    return `is not an object with ${KEYS.join(", ")}`;
  }
  const fields = entry as Record<string, unknown>;
  for (const [key, value] of Object.entries(fields)) {
    if (!KEYS.includes(key)) return `has an unknown field "${key}"; allowed are ${KEYS.join(", ")}`;
    if (typeof value !== "string" || value.trim() === "") return `has an empty "${key}", or one that is not text`;
  }
  const missing = ["control", "owner", "reason", "expires"].filter((key) => !(key in fields));
  if (missing.length > 0) return `lacks ${missing.join(", ")}`;
  const exemption = fields as unknown as Exemption;
  if (!controls.has(exemption.control))
    return `names control "${exemption.control}", which does not exist or cannot be exempted`;
  const selectors = [exemption.resource, exemption.namespace].filter((text) => text !== undefined);
  if (!selectors.some((text) => /[^*?]/.test(text))) return `selects everything; name a resource or a namespace`;
  return expiryProblem(exemption.expires, today);
}

function expiryProblem(written: string, today: Date): string | undefined {
  const expires = dateOf(written);
  const end = Date.parse(`${expires}T23:59:59.999Z`);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(expires) || Number.isNaN(end) || !new Date(end).toISOString().startsWith(expires)) {
    return `has expiry "${expires}", which is not a date such as 2027-01-31`;
  }
  if (end < today.getTime()) return `expired on ${expires}; fix what it covers, or have its owner renew it`;
  if (end - today.getTime() > (MAX_EXEMPTION_DAYS + 1) * DAY) {
    return `runs until ${expires}, more than ${String(MAX_EXEMPTION_DAYS)} days ahead`;
  }
  return undefined;
}

/** A date that is not in quotes reaches us as a time: the CLI reads `2027-01-31` in YAML that way. */
function dateOf(written: string): string {
  return written.replace(/[ T]00:00:00(Z| \+0000 UTC)$/, "");
}

function controlOf(entry: unknown): string {
  const control = (entry as { control?: unknown } | null)?.control;
  return typeof control === "string" ? control : "(no control)";
}

function matches(exemption: Exemption, subject: Subject): boolean {
  const names = [subject.resourceName, subject.objectName, subject.urn];
  const byResource = exemption.resource === undefined || names.some((name) => glob(exemption.resource, name));
  return byResource && (exemption.namespace === undefined || glob(exemption.namespace, subject.namespace));
}

function glob(pattern: string | undefined, text: string | undefined): boolean {
  if (pattern === undefined || text === undefined) return false;
  const expression = pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replace(/\*+/g, ".*");
  return new RegExp(`^${expression}$`, "s").test(text);
}
