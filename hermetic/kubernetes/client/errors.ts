import type { JsonObject } from "../../protocol/values";
import { list, record, text } from "../objects";

/** One cause of a rejection, as the server lists it. */
export interface Cause {
  reason: string;
  field: string;
  message: string;
}

/** The server answered and refused. `message` is its own text, word for word. */
export class ApiError extends Error {
  readonly reason: string;
  readonly causes: Cause[];
  /** Plural name of the resource that the error is about, for instance `namespaces`. */
  readonly subject: string | undefined;

  constructor(
    readonly status: number,
    body: JsonObject,
  ) {
    super(text(body, "message") ?? `the server answered with HTTP status ${String(status)}`);
    this.name = "ApiError";
    this.reason = text(body, "reason") ?? "";
    this.subject = text(body, "details", "kind");
    this.causes = list(record(body, "details"), "causes").map((cause) => ({
      reason: text(cause, "reason") ?? "",
      field: text(cause, "field") ?? "",
      message: text(cause, "message") ?? "",
    }));
  }
}

/** The server did not answer: nothing listens, the name is unknown, the certificate is refused, time ran out. */
export class Unreachable extends Error {
  constructor(
    /** Absent: no kubeconfig leads to one. */
    readonly server: string | undefined,
    override readonly cause: Error,
  ) {
    super(
      `${server ? `the Kubernetes API server ${server}` : "no Kubernetes API server"} can't be reached: ${cause.message}`,
    );
    this.name = "Unreachable";
  }
}

/** The server knows no such kind (yet): its CustomResourceDefinition is not there. */
export class UnknownKind extends Error {
  constructor(apiVersion: string, kind: string) {
    super(
      `no matches for kind "${kind}" in version "${apiVersion}": the server does not know this kind. ` +
        `Is its CustomResourceDefinition installed, and does this resource depend on it?`,
    );
    this.name = "UnknownKind";
  }
}

export function isNotFound(error: unknown): boolean {
  return error instanceof ApiError && error.status === 404;
}
