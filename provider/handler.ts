import { resolve } from "node:path";
import type {
  CheckCall,
  CheckFailure,
  CreateCall,
  DeleteCall,
  Diff,
  DiffCall,
  Log,
  ReadCall,
  UpdateCall,
} from "../hermetic/protocol/provider";
import type { JsonObject } from "../hermetic/protocol/values";

/**
 * One resource type of the plugin `landingzone`. The same calls as a whole provider's, without its configuration.
 *
 * Rules that every handler keeps:
 * - `create` finishes a create that was killed half-way: it finds its own directory, stops leftovers and goes on;
 * - with `preview` set, `create` and `update` change nothing and return known inputs plus `UNKNOWN` outputs;
 * - `diff` reports processes that are dead as an update, never as a replacement, so that outputs stay what they were;
 * - secrets travel as `secret(...)` and in files of mode 0600, never in arguments, environment, logs or errors.
 */
export interface ResourceHandler {
  check(call: CheckCall): Promise<{ inputs: JsonObject; failures: CheckFailure[] }>;
  diff(call: DiffCall): Promise<Diff>;
  create(call: CreateCall): Promise<{ id: string; state: JsonObject }>;
  /** `undefined`: the resource does not exist any more. */
  read(call: ReadCall): Promise<{ id: string; inputs: JsonObject; state: JsonObject } | undefined>;
  update(call: UpdateCall): Promise<JsonObject>;
  delete(call: DeleteCall): Promise<void>;
}

/** Makes a handler; `log` writes to the terminal of the person who runs `pulumi`. */
export type HandlerFactory = (log: Log) => ResourceHandler;

/** The clone's root: where Pulumi runs the plugin, or LANDING_ZONE_ROOT when it is run from elsewhere. */
export function projectRoot(): string {
  return process.env.LANDING_ZONE_ROOT ?? process.cwd();
}

/** A path of the inputs, which is relative to the project, as an absolute one. */
export function projectPath(path: string): string {
  return resolve(projectRoot(), path);
}
