/** One thing that the engine did, or would do: operation, type token, resource name. */
export type EngineStep = [operation: string, type: string, name: string];

interface EngineEvent {
  resourcePreEvent?: { metadata: { op: string; urn: string; type: string } };
}

/**
 * Reads the steps from an engine event log, in the order in which the engine began them. Resources that stay as they are
 * come as `same`. Providers are left out: they are the engine's own bookkeeping.
 */
export function engineSteps(log: string): EngineStep[] {
  return log
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => (JSON.parse(line) as EngineEvent).resourcePreEvent?.metadata)
    .filter((metadata) => metadata !== undefined)
    .filter(({ type }) => !type.startsWith("pulumi:providers:"))
    .map(({ op, type, urn }) => [op, type, urn.slice(urn.lastIndexOf("::") + 2)]);
}
