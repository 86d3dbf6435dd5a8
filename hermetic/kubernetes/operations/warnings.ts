import type { Context } from "../context";

/** Passes on what the server warns of (deprecated versions, Pod Security findings), each text once per resource. */
export function reportWarnings({ options, memory, log }: Context, urn: string, warnings: readonly string[]): void {
  for (const warning of warnings) {
    if (options.suppressDeprecationWarnings && /\bdeprecated\b/i.test(warning)) continue;
    if (memory.isNews(`${urn} ${warning}`)) log.warn(warning, urn);
  }
}
