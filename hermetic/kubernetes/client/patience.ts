import { sleep } from "../await/clock";
import { ApiError, UnknownKind, Unreachable } from "./errors";

/** How long an update puts up with what usually passes by itself. */
export interface Patience {
  /** A server that does not answer, or is overloaded. */
  unreachableMs: number;
  /** A namespace, kind, ServiceAccount or webhook that another resource of the same update may be about to bring. */
  missingMs: number;
}

export const PATIENCE: Patience = { unreachableMs: 20_000, missingMs: 12_000 };

const STEP_MS = 500;

/** Runs `attempt` again while its failure may pass; then throws the last one. */
export async function withPatience<T>(
  attempt: () => Promise<T>,
  { unreachableMs, missingMs }: Patience,
  signal: AbortSignal,
  status: (message: string) => void,
): Promise<T> {
  const start = Date.now();
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      const patience = isServerTrouble(error) ? unreachableMs : isMissingPrerequisite(error) ? missingMs : 0;
      const left = patience - (Date.now() - start);
      if (left <= 0) throw error;
      if (signal.aborted) throw error;
      status(
        `trying again for ${String(Math.ceil(left / 1000))} s: ${error instanceof Error ? error.message : String(error)}`,
      );
      await sleep(Math.min(STEP_MS, left), signal);
    }
  }
}

/** The server is away, starting or busy. */
export function isServerTrouble(error: unknown): boolean {
  if (error instanceof Unreachable) return true;
  if (!(error instanceof ApiError)) return false;
  return [429, 502, 503, 504].includes(error.status) || isWebhookAway(error);
}

function isWebhookAway(error: ApiError): boolean {
  return error.status === 500 && error.message.includes("failed calling webhook");
}

/**
 * The server refuses only because something else is not there yet: a namespace, a kind, a ServiceAccount, a
 * PriorityClass. A 422 never counts: what it misses ("Not found") is inside the object itself.
 */
export function isMissingPrerequisite(error: unknown): boolean {
  if (error instanceof UnknownKind) return true;
  if (!(error instanceof ApiError)) return false;
  if (error.status === 404) return true;
  if (error.status !== 403) return false;
  return /not found|no PriorityClass|because it is being terminated/i.test(error.message);
}
