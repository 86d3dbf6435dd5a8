import type { JsonObject } from "../protocol/values";

/** What an input may be. */
export interface InputRule {
  type: "integer" | "boolean" | "string" | "strings" | "map";
  required?: boolean;
  /** Smallest allowed number. */
  minimum?: number;
  /** Value when the program gives none; a program that writes it out has changed nothing. */
  default?: number | boolean | string;
}

/** A kind of random resource. `inputs` are plain, complete with defaults, and checked. */
export interface RandomKind {
  inputs: Record<string, InputRule>;
  /** Output properties that `generate` makes. */
  outputs: string[];
  /** Outputs are secret. */
  secret: boolean;
  /** What no single input shows: contradictions between them. */
  check?(inputs: JsonObject): { property: string; reason: string } | undefined;
  generate(inputs: JsonObject): { id: string; outputs: JsonObject };
  /** Inputs and outputs of an existing value, for `pulumi import`. */
  adopt?(id: string): { id: string; inputs: JsonObject; outputs: JsonObject };
}

/** Keepers have no meaning but one: another value of them is another resource. */
export const KEEPERS = { keepers: { type: "map" } } as const;
