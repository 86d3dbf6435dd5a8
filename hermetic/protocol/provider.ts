import type { JsonObject } from "./values";

/** What every call about one resource carries. `inputs` and `state` still hold secret and unknown markers (values.ts). */
export interface ResourceCall {
  urn: string;
  /** Type token, for instance `kubernetes:apps/v1:Deployment`. */
  type: string;
  /** Resource name in the program. */
  name: string;
  /** Aborted when the engine cancels (Ctrl-C): stop waiting and fail with a clear message. */
  signal: AbortSignal;
}

export interface CheckCall extends ResourceCall {
  oldInputs: JsonObject;
  newInputs: JsonObject;
  /** Deterministic bytes for auto-naming. */
  randomSeed: Uint8Array;
}

export interface CheckFailure {
  property: string;
  reason: string;
}

export interface DiffCall extends ResourceCall {
  id: string;
  oldInputs: JsonObject;
  /** The state (outputs) of the last operation. */
  state: JsonObject;
  newInputs: JsonObject;
  ignoreChanges: string[];
}

export type DiffKind = "add" | "add-replace" | "delete" | "delete-replace" | "update" | "update-replace";

export interface Diff {
  /** Property path -> kind; an empty record means that nothing changed. */
  changes: Record<string, DiffKind>;
  deleteBeforeReplace?: boolean;
}

export interface CreateCall extends ResourceCall {
  inputs: JsonObject;
  /** True at preview: change nothing, return what is known. */
  preview: boolean;
  /** Seconds; 0 = the provider's default. */
  timeout: number;
}

export interface ReadCall extends ResourceCall {
  id: string;
  /** Last inputs and state; empty for an import. */
  inputs: JsonObject;
  state: JsonObject;
}

export interface UpdateCall extends DiffCall {
  preview: boolean;
  timeout: number;
}

export interface DeleteCall extends ResourceCall {
  id: string;
  inputs: JsonObject;
  state: JsonObject;
  timeout: number;
}

/**
 * A create or update that reached the server but did not end well, for instance a Deployment that never became ready.
 * The engine records the resource as it is, so that the next update continues from there and nothing is orphaned.
 */
export class PartialFailure extends Error {
  constructor(
    message: string,
    readonly id: string,
    readonly state: JsonObject,
    readonly inputs: JsonObject,
  ) {
    super(message);
    this.name = "PartialFailure";
  }
}

/** One Pulumi resource plugin; `serve` speaks the protocol for it. Thrown errors reach the user word for word. */
export interface Provider {
  readonly name: string;
  readonly version: string;
  checkConfig?(inputs: JsonObject): Promise<CheckFailure[]>;
  /** Property paths of the provider's configuration whose change makes it another provider (replaces its resources). */
  diffConfig?(oldInputs: JsonObject, newInputs: JsonObject): Promise<Diff>;
  configure(inputs: JsonObject): Promise<void>;
  check(call: CheckCall): Promise<{ inputs: JsonObject; failures: CheckFailure[] }>;
  diff(call: DiffCall): Promise<Diff>;
  create(call: CreateCall): Promise<{ id: string; state: JsonObject }>;
  /** `undefined`: the resource does not exist any more. */
  read(call: ReadCall): Promise<{ id: string; inputs: JsonObject; state: JsonObject } | undefined>;
  update(call: UpdateCall): Promise<JsonObject>;
  delete(call: DeleteCall): Promise<void>;
  invoke?(token: string, args: JsonObject): Promise<JsonObject>;
  /** Why a remote component of that type can't be had here, and what to use instead. */
  refuseComponent?(type: string): string | undefined;
}

/** How a plugin talks to the person at the terminal while it works. */
export interface Log {
  debug(message: string, urn?: string): void;
  info(message: string, urn?: string): void;
  warn(message: string, urn?: string): void;
  /** Shown on the resource's own progress line and gone when it is done. */
  status(message: string, urn?: string): void;
}
