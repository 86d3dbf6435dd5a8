import { randomInt } from "node:crypto";

/** node:crypto draws without bias from ranges smaller than this. */
export const LARGEST_RANGE = 2 ** 48 - 1;

export interface CharacterClass {
  characters: string;
  /** At least this many of them appear. */
  minimum: number;
}

/**
 * `length` random characters out of `classes`, each class at least as often as it asks for. Every position is drawn
 * without bias, and the required characters are not where they could be guessed: the whole is shuffled at the end.
 */
export function randomCharacters(length: number, classes: readonly CharacterClass[]): string {
  const required = classes.flatMap(({ characters, minimum }) => pick(characters, minimum));
  const all = classes.map(({ characters }) => characters).join("");
  return shuffled([...required, ...pick(all, length - required.length)]).join("");
}

function pick(characters: string, count: number): string[] {
  const choices = Array.from(characters);
  return Array.from({ length: count }, () => choices[randomInt(choices.length)] ?? "");
}

/** A copy in random order, every order equally likely (Fisher and Yates). */
export function shuffled<T>(items: readonly T[]): T[] {
  const result = [...items];
  for (let last = result.length - 1; last > 0; last--) {
    const other = randomInt(last + 1);
    [result[last], result[other]] = [result[other] as T, result[last] as T];
  }
  return result;
}

/** A whole number from `min` to `max`, both included. */
export function randomBetween(min: number, max: number): number {
  return min + randomInt(max - min + 1);
}
