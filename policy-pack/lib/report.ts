import { Field, UnreadableField } from "./accessor";
import type { KubernetesObject, ResourceView } from "./objects";

export interface Finding {
  message: string;
  object?: KubernetesObject | undefined;
  /** The resource that has the fault, in rules about a whole stack. */
  resource?: ResourceView | undefined;
  /** The namespace that the fault is in, where that is not the namespace of the object. */
  namespace?: string | undefined;
}

/** What `attempt` returns when it had to report instead. */
export const UNREADABLE = Symbol("unreadable");

/** Collects what a rule finds. Each field that cannot be read becomes one finding, and the rule goes on. */
export class Report {
  private readonly found = new Map<string, Finding>();
  private object: KubernetesObject | undefined;

  get findings(): Finding[] {
    return [...this.found.values()];
  }

  /** Findings made by `check` are about `object`. */
  about<T>(object: KubernetesObject, check: () => T): T {
    const outer = this.object;
    this.object = object;
    try {
      return check();
    } finally {
      this.object = outer;
    }
  }

  /**
   * One fault.
   * @param at the field that has it
   * @param problem continues the sentence that begins with the field: `is true, which gives the container the node`
   * @param fix what to write instead
   */
  violation(at: Field | string, problem: string, fix: string, about: Omit<Finding, "message"> = {}): void {
    const object = about.object ?? this.object;
    const path = typeof at === "string" ? at : at.path;
    const subject = object ? `${object.describe()}: ` : "";
    const message = `${subject}${[path, problem].filter((part) => part !== "").join(" ")}. Fix: ${fix}.`;
    this.found.set(`${about.resource?.urn ?? ""} ${message}`, { ...about, object, message });
  }

  /**
   * Runs one check. A field in it that is unknown or malformed is a violation of the control, and so is any error:
   * what could not be checked has not passed.
   */
  attempt<T>(check: () => T): T | typeof UNREADABLE {
    try {
      return check();
    } catch (error) {
      if (error instanceof UnreadableField) this.unreadable(error);
      else this.failed(error);
      return UNREADABLE;
    }
  }

  /** As {@link attempt}, with something to go on with. */
  attemptOr<T>(fallback: T, check: () => T): T {
    const result = this.attempt(check);
    return result === UNREADABLE ? fallback : result;
  }

  private unreadable(field: UnreadableField): void {
    if (field.reason === "unknown") {
      this.violation(
        field.path,
        "is unknown at preview, so this control cannot be checked",
        `give ${field.path} a literal value, or compute it from values that are known before the update`,
      );
    } else {
      this.violation(field.path, `is not ${field.expected}`, `write ${field.path} as the Kubernetes API defines it`);
    }
  }

  /** Says where, not what: the text of an error may quote the value that caused it. */
  private failed(error: unknown): void {
    const where =
      error instanceof Error
        ? `${error.name} ${(error.stack ?? "").split("\n    ")[1] ?? ""}`.trim()
        : "no error object";
    this.violation("", `the check itself failed (${where})`, "report this as a bug of the policy pack");
  }
}
