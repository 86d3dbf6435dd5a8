import * as pulumi from "@pulumi/pulumi";

/** What an {@link ArgumentError} says: each part is there, so that the reader need not open the source. */
export interface ArgumentProblem {
  /** Component and name, for instance `HardenedWorkload "fi-fhir"`. */
  where: string;
  /** Path of the argument, for instance `ports.http`. */
  argument: string;
  /** What is wrong, as a clause: `must not be 0`. */
  problem: string;
  /** The value given. Never a secret. */
  given: unknown;
  /** What would be accepted. */
  allowed: string;
  /** The likely fix. */
  fix: string;
}

/** A wrong argument, found before any resource is registered. Pulumi prints the message of a RunError and no stack. */
export class ArgumentError extends pulumi.RunError {
  override readonly name = "ArgumentError";

  constructor(readonly details: ArgumentProblem) {
    super(
      `${details.where}: ${details.argument} ${details.problem}; given: ${JSON.stringify(details.given)}; ` +
        `allowed: ${details.allowed}; ${details.fix}`,
    );
  }
}
