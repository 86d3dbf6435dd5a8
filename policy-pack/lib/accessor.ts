import { UnknownValueError } from "@pulumi/policy";

/** A field that could not be judged: its value is unknown at preview, or it has a shape that no Kubernetes API accepts. */
export class UnreadableField extends Error {
  constructor(
    readonly path: string,
    readonly reason: "unknown" | "malformed",
    /** What was expected, for a malformed field. */
    readonly expected = "",
  ) {
    super(reason === "unknown" ? `${path} is unknown` : `${path} is not ${expected}`);
  }
}

type State = { known: true; value: unknown } | { known: false; path: string };

/**
 * One field of a resource and the path that leads to it. Reading is narrow and fails closed: an unknown value raises
 * {@link UnreadableField} only when that very field is read, so that one unknown never hides its neighbours, and a
 * rule that forgets about unknowns reports a violation instead of passing.
 */
export class Field {
  private constructor(
    readonly path: string,
    private readonly state: State,
  ) {}

  static of(value: unknown, path = ""): Field {
    return new Field(path, { known: true, value });
  }

  /** The field `key` of an object; absent when this field is absent, unknown when this field is unknown. */
  at(...keys: string[]): Field {
    return keys.reduce<Field>((field, key) => field.child(key, joined(field.path, key)), this);
  }

  private child(key: string, path: string): Field {
    if (!this.state.known) return new Field(path, this.state);
    const holder = this.state.value;
    if (holder === undefined || holder === null) return new Field(path, { known: true, value: undefined });
    if (typeof holder !== "object") throw new UnreadableField(this.path, "malformed", "an object");
    // Only own properties: `constructor` and its kind are not fields of a manifest.
    if (!Object.hasOwn(holder, key)) return new Field(path, { known: true, value: undefined });
    try {
      return new Field(path, { known: true, value: (holder as Record<string, unknown>)[key] });
    } catch (error) {
      if (error instanceof UnknownValueError) return new Field(path, { known: false, path });
      throw error;
    }
  }

  get isUnknown(): boolean {
    return !this.state.known;
  }

  /** The field that is unknown: this one or one that holds it. */
  get unknownAt(): string | undefined {
    return this.state.known ? undefined : this.state.path;
  }

  /** True when the field is set to anything but null, and when what it is set to is unknown. */
  get mayBePresent(): boolean {
    return !this.state.known || (this.state.value !== undefined && this.state.value !== null);
  }

  /** Null counts as absent, as it does for the API server. */
  present(): boolean {
    const value = this.read();
    return value !== undefined && value !== null;
  }

  boolean(): boolean | undefined {
    return this.typed("boolean", "true or false") as boolean | undefined;
  }

  string(): string | undefined {
    return this.typed("string", "a string") as string | undefined;
  }

  number(): number | undefined {
    return this.typed("number", "a number") as number | undefined;
  }

  /** A string, number or boolean as text; quantities and ports come as either. */
  scalar(): string | undefined {
    if (!this.present()) return undefined;
    const value = this.read();
    if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return String(value);
    throw new UnreadableField(this.path, "malformed", "a string or a number");
  }

  /** The elements of a list; none when it is absent. */
  items(): Field[] {
    if (!this.present()) return [];
    const value = this.read();
    if (!Array.isArray(value)) throw new UnreadableField(this.path, "malformed", "a list");
    return Array.from({ length: value.length }, (_, index) =>
      this.child(String(index), `${this.path}[${String(index)}]`),
    );
  }

  /** The names of the entries of an object; none when it is absent. */
  keys(): string[] {
    if (!this.present()) return [];
    const value = this.read();
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw new UnreadableField(this.path, "malformed", "an object");
    }
    return Object.keys(value);
  }

  entries(): [string, Field][] {
    return this.keys().map((key) => [key, this.at(key)]);
  }

  /** The bare value, for searching a structure of unforeseen shape. */
  read(): unknown {
    if (!this.state.known) throw new UnreadableField(this.state.path, "unknown");
    return this.state.value;
  }

  private typed(type: string, expected: string): unknown {
    if (!this.present()) return undefined;
    const value = this.read();
    if (typeof value !== type) throw new UnreadableField(this.path, "malformed", expected);
    return value;
  }
}

/** `read()`, or `fallback` when the field cannot be read. Only for what narrows a finding, never for what makes one. */
export function readOr<T>(fallback: T, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof UnreadableField) return fallback;
    throw error;
  }
}

function joined(path: string, key: string): string {
  if (!/^[A-Za-z_][\w-]*$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === "" ? key : `${path}.${key}`;
}
