import { randomBytes } from "node:crypto";
import type { CreateCall } from "../../protocol/provider";
import { plainObject, type JsonObject } from "../../protocol/values";
import { waitUntilGone } from "../await/gone";
import type { Client, Written } from "../client/client";
import { ApiError, isNotFound } from "../client/errors";
import { withPatience } from "../client/patience";
import type { Context } from "../context";
import { AUTONAMED, describe, idOf, isAutonamed, type ObjectRef } from "../identity";
import { text, withValue } from "../objects";
import { ADOPTED, isManagedBy, managerOf } from "../ownership";
import { applyBody } from "../state/body";
import { previewOfNew } from "../state/outputs";
import { isImmutable } from "../state/rejected";
import { objectError } from "./errors";
import { finish, timeoutOf } from "./finish";
import { mustForce } from "./force";
import { dryRun } from "./preview";
import { targetOf } from "./target";
import { reportWarnings } from "./warnings";

type Created = { id: string; state: JsonObject };

export async function create(context: Context, call: CreateCall): Promise<Created> {
  return call.preview ? previewCreate(context, call) : new Creation(context, call).run();
}

async function previewCreate(context: Context, call: CreateCall): Promise<Created> {
  const manager = managerOf(call.urn);
  const force = mustForce(context, call.inputs);
  const answer = await dryRun(context, call, call.inputs, async (client, ref) => {
    const body = applyBody(call.inputs, ref);
    const existing = await client.get(ref);
    if (!existing) return client.apply(ref, body, { manager, force, dryRun: true });
    const ours =
      isManagedBy(existing, context.memory.managersOf(call.urn)) || context.memory.isInState(call.urn, idOf(ref));
    if (!ours && text(existing, "metadata", "deletionTimestamp") === undefined) throw await alreadyExists(client, ref);
    // Ours, about to be replaced or half-done: judged as a new object. That the name is taken is then no finding.
    return client.dryRunCreate(ref, body, manager).catch((error: unknown) => {
      if (error instanceof ApiError && error.reason === "AlreadyExists") return undefined;
      throw error;
    });
  });
  return { id: "", state: previewOfNew(call.inputs, answer, manager) };
}

async function alreadyExists(client: Client, ref: ObjectRef): Promise<ApiError> {
  const message =
    `${await client.serverName(ref)} already exists, and this resource did not create it. ` +
    `Import it (resource option "import": "${idOf(ref)}"), set single fields of it with a Patch resource, or choose another name.`;
  return new ApiError(409, { message, reason: "AlreadyExists" });
}

/** One create, which may find and finish the work of an earlier one that was killed. */
class Creation {
  private readonly manager: string;
  private readonly status: (message: string) => void;

  constructor(
    private readonly context: Context,
    private readonly call: CreateCall,
  ) {
    this.manager = managerOf(call.urn);
    this.status = (message) => context.log.status(message, call.urn);
  }

  async run(): Promise<Created> {
    const { inputs, type } = this.call;
    const ref = await this.patiently(() => targetOf(this.context, type, inputs));
    const written = await this.write(ref).catch((error: unknown) => {
      throw objectError(ref, error, inputs);
    });
    reportWarnings(this.context, this.call.urn, written.warnings);
    const state = await finish(this.context, this.call, { ref, inputs, manager: this.manager, object: written.object });
    return { id: idOf(ref), state };
  }

  private async write(ref: ObjectRef): Promise<Written> {
    const client = this.context.client();
    // A generated name is new, so the object of a killed create has another one: it has to be looked for.
    if (isAutonamed(this.call.inputs)) await this.removeLeftovers(client, ref);
    const existing = await this.patiently(() => client.get(ref));
    const body = applyBody(this.call.inputs, ref);
    if (!existing) return this.apply(client, ref, body);
    if (text(existing, "metadata", "deletionTimestamp") !== undefined) {
      await this.gone(client, ref, existing);
      return this.apply(client, ref, body);
    }
    if (!isManagedBy(existing, this.context.memory.managersOf(this.call.urn))) throw await alreadyExists(client, ref);
    this.context.log.info(
      `${describe(ref)} is there already from an interrupted create: going on with it`,
      this.call.urn,
    );
    return this.resume(client, ref, body, existing);
  }

  private async resume(client: Client, ref: ObjectRef, body: JsonObject, existing: JsonObject): Promise<Written> {
    const marked = withValue(body, randomBytes(6).toString("hex"), "metadata", "annotations", ADOPTED);
    try {
      return await this.apply(client, ref, marked);
    } catch (error) {
      // The program has changed since: what can't be changed in place is made anew.
      if (!(error instanceof ApiError) || error.status !== 422 || !isImmutable(error.message)) throw error;
      await client.delete(ref, "Foreground");
      await this.gone(client, ref, existing);
      return this.apply(client, ref, body);
    }
  }

  private async removeLeftovers(client: Client, ref: ObjectRef): Promise<void> {
    const managers = new Set([this.manager]);
    const siblings = await this.patiently(() => client.list(ref, ref.namespace));
    for (const object of siblings) {
      const name = text(object, "metadata", "name") ?? "";
      const other = { ...ref, name };
      const generated = text(object, "metadata", "annotations", AUTONAMED) === "true";
      if (name === ref.name || !generated || !isManagedBy(object, managers)) continue;
      // The one that this create replaces is in the state, and the engine deletes it in its own time.
      if (this.context.memory.isInState(this.call.urn, idOf(other))) continue;
      this.context.log.info(`removing ${describe(other)}, left over from an interrupted create`, this.call.urn);
      await client.delete(other, "Background").catch((error: unknown) => {
        if (!isNotFound(error)) throw error;
      });
    }
  }

  private apply(client: Client, ref: ObjectRef, body: JsonObject): Promise<Written> {
    const force = mustForce(this.context, plainObject(this.call.inputs));
    return this.patiently(() => client.apply(ref, body, { manager: this.manager, force }));
  }

  private gone(client: Client, ref: ObjectRef, existing: JsonObject): Promise<void> {
    const timeoutSeconds = timeoutOf(this.call.timeout, this.call.inputs);
    return waitUntilGone(ref, text(existing, "metadata", "uid"), client, {
      timeoutSeconds,
      signal: this.call.signal,
      status: this.status,
    });
  }

  private patiently<T>(attempt: () => Promise<T>): Promise<T> {
    return withPatience(attempt, this.context.patience, this.call.signal, this.status);
  }
}
