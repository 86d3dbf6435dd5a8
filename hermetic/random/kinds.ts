import { randomBytesKind, randomIdKind } from "./bytes";
import type { RandomKind } from "./kind";
import { randomPetKind, randomUuidKind } from "./names";
import { randomIntegerKind, randomShuffleKind } from "./numbers";
import { randomPasswordKind, randomStringKind } from "./text";

/** Type token of @pulumi/random -> how this plugin makes it. */
export const KINDS: Readonly<Record<string, RandomKind>> = {
  "random:index/randomPassword:RandomPassword": randomPasswordKind,
  "random:index/randomString:RandomString": randomStringKind,
  "random:index/randomBytes:RandomBytes": randomBytesKind,
  "random:index/randomId:RandomId": randomIdKind,
  "random:index/randomUuid:RandomUuid": randomUuidKind,
  "random:index/randomPet:RandomPet": randomPetKind,
  "random:index/randomInteger:RandomInteger": randomIntegerKind,
  "random:index/randomShuffle:RandomShuffle": randomShuffleKind,
};
