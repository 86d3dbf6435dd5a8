import type { DeleteCall } from "../../protocol/provider";
import { waitUntilGone } from "../await/gone";
import { isNotFound, UnknownKind, Unreachable } from "../client/errors";
import { withPatience } from "../client/patience";
import type { Context } from "../context";
import { annotation, describe, groupOf, kindOf, type ObjectRef } from "../identity";
import { text } from "../objects";
import { ADOPTED } from "../ownership";
import { objectError } from "./errors";
import { skipsAwait, timeoutOf } from "./finish";
import { targetOfId } from "./target";

const POLICIES: Record<string, string> = { background: "Background", foreground: "Foreground", orphan: "Orphan" };

/** Deletes and waits until it is gone; an object that is gone already is a success. */
export async function remove(context: Context, call: DeleteCall): Promise<void> {
  const ref = targetOfId(kindOf(call.type, { ...call.state, ...call.inputs }), call.id);
  try {
    await new Removal(context, call, ref).run();
  } catch (error) {
    if (isNotFound(error) || error instanceof UnknownKind) return; // with its kind, the object is gone too
    if (error instanceof Unreachable && context.options.deleteUnreachable) {
      context.log.warn(
        `${describe(ref)} is taken out of the state without being deleted (deleteUnreachable): ${error.message}`,
        call.urn,
      );
      return;
    }
    throw objectError(ref, error, call.inputs);
  }
}

class Removal {
  constructor(
    private readonly context: Context,
    private readonly call: DeleteCall,
    private readonly ref: ObjectRef,
  ) {}

  async run(): Promise<void> {
    const { context, call, ref } = this;
    const client = context.client();
    const existing = await this.patiently(() => client.get(ref));
    if (!existing || this.isSomebodyElses(text(existing, "metadata", "annotations", ADOPTED))) return;
    const wish = annotation(call.inputs, "pulumi.com/deletionPropagationPolicy") ?? "foreground";
    await this.patiently(() => client.delete(ref, POLICIES[wish.toLowerCase()] ?? "Foreground"));
    if (groupOf(ref.apiVersion) === "apiextensions.k8s.io") client.discovery.forget();
    if (skipsAwait(call.inputs)) return;
    await waitUntilGone(ref, text(existing, "metadata", "uid"), client, {
      timeoutSeconds: timeoutOf(call.timeout, call.inputs),
      signal: call.signal,
      status: (message) => context.log.status(message, call.urn),
    });
  }

  /** See ADOPTED: a later create of this resource has taken the object over since this state was written. */
  private isSomebodyElses(mark: string | undefined): boolean {
    const taken = mark !== undefined && mark !== text(this.call.state, "metadata", "annotations", ADOPTED);
    if (taken) this.context.log.info(`${describe(this.ref)} stays: its replacement has taken it over`, this.call.urn);
    return taken;
  }

  private patiently<T>(attempt: () => Promise<T>): Promise<T> {
    const patience = { ...this.context.patience, missingMs: 0 };
    return withPatience(attempt, patience, this.call.signal, (message) =>
      this.context.log.status(message, this.call.urn),
    );
  }
}
