import { randomInt, randomUUID } from "node:crypto";
import { KEEPERS, type RandomKind } from "./kind";

const ADVERBS = "badly boldly briefly calmly daily deeply early easily fairly firmly freely gladly hugely kindly".split(
  " ",
);
const ADJECTIVES =
  "able amber awake brave bright calm clean clever cool cosmic daring deep eager early fair fast fine fond fresh gentle " +
  "glad golden grand happy honest humble keen kind lively loyal lucky merry mild modest noble patient polite proud quick " +
  "quiet rapid ready robust sharp silent smart solid steady strong sunny sure swift tidy true vital warm wise witty";
const ANIMALS =
  "ant badger bat bear beaver bee bison boar cat cobra condor cow crab crane crow deer dingo dog dove duck eagle eel elk " +
  "emu falcon ferret finch fox frog gecko goat goose hare hawk hen heron horse ibex jay koala lamb lark lion llama lynx " +
  "mole moose moth mouse newt otter owl ox panda pika pony puma quail ram raven robin seal shrew sloth snail stork swan " +
  "tiger toad trout viper vole walrus wasp whale wolf wren yak zebra";

export const randomUuidKind: RandomKind = {
  inputs: { ...KEEPERS },
  outputs: ["result"],
  secret: false,
  generate: () => {
    const result = randomUUID();
    return { id: result, outputs: { result } };
  },
  adopt: (id) => ({ id, inputs: {}, outputs: { result: id } }),
};

/** A name is for people to tell things apart, and this plugin's word lists are its own and short: do not expect unique ones. */
export const randomPetKind: RandomKind = {
  inputs: {
    ...KEEPERS,
    length: { type: "integer", default: 2, minimum: 1 },
    prefix: { type: "string" },
    separator: { type: "string", default: "-" },
  },
  outputs: [],
  secret: false,
  generate: (inputs) => {
    const words = petName(Number(inputs.length));
    if (typeof inputs.prefix === "string") words.unshift(inputs.prefix);
    return { id: words.join(inputs.separator as string), outputs: {} };
  },
};

/** Adverbs, then an adjective, then an animal; what does not fit is left off at the front. */
function petName(length: number): string[] {
  const animal = anyOf(ANIMALS.split(" "));
  if (length === 1) return [animal];
  const adverbs = Array.from({ length: length - 2 }, () => anyOf(ADVERBS));
  return [...adverbs, anyOf(ADJECTIVES.split(" ")), animal];
}

function anyOf(words: readonly string[]): string {
  return words[randomInt(words.length)] ?? "";
}
