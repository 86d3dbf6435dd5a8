import assert from "node:assert/strict";
import fc from "fast-check";
import { randomProvider } from "../../hermetic/random/provider";
import {
  containsSecret,
  isSecret,
  plainObject,
  secret,
  UNKNOWN,
  type JsonObject,
} from "../../hermetic/protocol/values";

const call = (kind: string) => ({
  urn: `urn:pulumi:test::test::${token(kind)}::x`,
  type: token(kind),
  name: "x",
  signal: new AbortController().signal,
});

function token(kind: string): string {
  return `random:index/${kind.charAt(0).toLowerCase()}${kind.slice(1)}:${kind}`;
}

async function create(kind: string, inputs: JsonObject, preview = false) {
  return randomProvider.create({ ...call(kind), inputs, preview, timeout: 0 });
}

async function failures(kind: string, newInputs: JsonObject): Promise<string[]> {
  const result = await randomProvider.check({ ...call(kind), oldInputs: {}, newInputs, randomSeed: new Uint8Array() });
  return result.failures.map(({ property, reason }) => `${property} ${reason}`);
}

async function diff(kind: string, oldInputs: JsonObject, newInputs: JsonObject) {
  const result = await randomProvider.diff({
    ...call(kind),
    id: "none",
    oldInputs,
    state: {},
    newInputs,
    ignoreChanges: [],
  });
  return result.changes;
}

/** A text output; anything else fails the test. */
function text(value: unknown): string {
  assert.equal(typeof value, "string");
  return value as string;
}

const count = (text: string, pattern: RegExp): number => [...text.matchAll(pattern)].length;

describe("hermetic random plugin", () => {
  describe("passwords and strings", () => {
    it("have the length and at least the characters that were asked for, whatever was asked for", async () => {
      const minima = fc.record({
        minLower: fc.nat(5),
        minUpper: fc.nat(5),
        minNumeric: fc.nat(5),
        minSpecial: fc.nat(5),
        extra: fc.nat(20),
      });
      await fc.assert(
        fc.asyncProperty(minima, async ({ extra, ...minimum }) => {
          const length = extra + Object.values(minimum).reduce((sum, part) => sum + part, 0);
          fc.pre(length > 0);
          const { state } = await create("RandomString", { length, ...minimum });
          const result = text(state.result);
          assert.equal(result.length, length);
          assert.ok(count(result, /[a-z]/g) >= minimum.minLower, result);
          assert.ok(count(result, /[A-Z]/g) >= minimum.minUpper, result);
          assert.ok(count(result, /[0-9]/g) >= minimum.minNumeric, result);
          assert.ok(count(result, /[^a-zA-Z0-9]/g) >= minimum.minSpecial, result);
        }),
      );
    });

    it("use the classes that are switched on and no others", async () => {
      const { state } = await create("RandomString", { length: 500, upper: false, special: false });
      assert.match(text(state.result), /^[a-z0-9]{500}$/);
      assert.equal(count(text(state.result), /[0-9]/g) > 0, true);
    });

    it("use the special characters given in overrideSpecial, each about equally often", async () => {
      const only = { length: 3000, upper: false, lower: false, numeric: false, overrideSpecial: "_.:" };
      const { state } = await create("RandomString", only);
      for (const character of ["_", ".", ":"]) {
        const times = text(state.result).split(character).length - 1;
        assert.ok(times > 850 && times < 1150, `${character} came ${String(times)} times of 3000`); // 5.8 sigma
      }
    });

    it("keep the required characters from a guessable place", async () => {
      const places = new Set<number>();
      for (let round = 0; round < 200; round++) {
        const { state } = await create("RandomString", { length: 8, special: false, numeric: false, minNumeric: 1 });
        places.add(text(state.result).search(/[0-9]/));
      }
      assert.equal(places.size, 8);
    });

    it("are secret as passwords, with an id that gives nothing away, and open as strings", async () => {
      const password = await create("RandomPassword", { length: 12 });
      assert.ok(isSecret(password.state.result));
      assert.equal(password.id, "none");
      assert.equal(password.state.bcryptHash, undefined);
      const open = await create("RandomString", { length: 12 });
      assert.equal(containsSecret(open.state), false);
      assert.equal(open.id, open.state.result);
    });

    it("say what is wrong with their inputs", async () => {
      assert.deepEqual(await failures("RandomPassword", { length: 5, minLower: 3, minUpper: 3 }), [
        "length is 5, but minLower + minUpper + minNumeric + minSpecial ask for 6 characters: set length to at least 6",
      ]);
      assert.deepEqual(await failures("RandomPassword", {}), ["length is required"]);
      assert.deepEqual(await failures("RandomPassword", { length: 0 }), ["length is 0; the least allowed is 1"]);
      assert.deepEqual(await failures("RandomPassword", { length: "8" }), [
        'length is "8", which is not a whole number',
      ]);
      assert.deepEqual(
        await failures("RandomPassword", { length: 8, lower: false, upper: false, numeric: false, special: false }),
        ["length no characters to choose from: set one of lower, upper, numeric, special to true"],
      );
      const [typo] = await failures("RandomPassword", { length: 8, minUper: 1 });
      assert.match(typo ?? "", /^minUper is not known\. Allowed: keepers, length, lower/);
      assert.deepEqual(await failures("RandomPassword", { length: 8, overrideSpecial: "", minSpecial: 1 }), [
        "overrideSpecial is empty, but minSpecial asks for 1 special characters",
      ]);
    });

    it("say nothing about what is not known yet", async () => {
      assert.deepEqual(await failures("RandomPassword", { length: UNKNOWN, minLower: 3 }), []);
    });
  });

  it("makes ids in four spellings of the same bytes, all with the prefix", async () => {
    const { id, state } = await create("RandomId", { byteLength: 6, prefix: "p-" });
    const bytes = Buffer.from(id, "base64url");
    assert.equal(bytes.length, 6);
    assert.equal(state.hex, `p-${bytes.toString("hex")}`);
    assert.equal(state.b64Std, `p-${bytes.toString("base64")}`);
    assert.equal(state.b64Url, `p-${id}`);
    assert.equal(state.dec, `p-${BigInt(`0x${bytes.toString("hex")}`).toString()}`);
  });

  it("makes secret bytes", async () => {
    const { state } = await create("RandomBytes", { length: 16 });
    assert.ok(isSecret(state.hex) && isSecret(state.base64));
    const { hex, base64 } = plainObject(state);
    assert.equal(Buffer.from(text(base64), "base64").toString("hex"), hex);
    assert.equal(text(hex).length, 32);
  });

  it("makes uuids, pets, integers and shuffles", async () => {
    const uuid = await create("RandomUuid", {});
    assert.match(text(uuid.state.result), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.match((await create("RandomPet", { prefix: "my", length: 3 })).id, /^my-[a-z]+-[a-z]+-[a-z]+$/);
    const drawn = new Set<unknown>();
    for (let round = 0; round < 200; round++) {
      drawn.add((await create("RandomInteger", { min: -1, max: 2 })).state.result);
    }
    assert.deepEqual([...drawn].sort(), [-1, 0, 1, 2]);
    const { state } = await create("RandomShuffle", { inputs: ["a", "b", "c"], resultCount: 7 });
    const results = state.results as string[];
    assert.equal(results.length, 7);
    for (const item of ["a", "b", "c"]) assert.ok(results.filter((result) => result === item).length >= 2, item);
  });

  it("refuses a seed, which promises the official plugin's values, and kinds it does not make", async () => {
    assert.match((await failures("RandomInteger", { min: 1, max: 2, seed: "s" }))[0] ?? "", /^seed is not supported/);
    assert.match(
      (await failures("RandomInteger", { min: 3, max: 2 }))[0] ?? "",
      /^min is 3, which is more than max, 2/,
    );
    await assert.rejects(
      create("RandomUuid7", {}),
      /does not make random:index\/randomUuid7:RandomUuid7\. It makes: .*official/,
    );
  });

  it("at preview knows the inputs and leaves the outputs unknown", async () => {
    const { id, state } = await create("RandomPassword", { length: 9 }, true);
    assert.equal(id, "");
    assert.equal(state.length, 9);
    assert.deepEqual(state.result, secret(UNKNOWN));
  });

  describe("diff", () => {
    it("replaces on any changed input and on changed keepers", async () => {
      assert.deepEqual(await diff("RandomPassword", { length: 8 }, { length: 9 }), { length: "update-replace" });
      assert.deepEqual(await diff("RandomUuid", { keepers: { a: "1" } }, { keepers: { a: "2" } }), {
        keepers: "update-replace",
      });
      assert.deepEqual(await diff("RandomUuid", {}, { keepers: { a: "2" } }), { keepers: "add-replace" });
      assert.deepEqual(await diff("RandomUuid", { keepers: { a: "1" } }, {}), { keepers: "delete-replace" });
      assert.deepEqual(await diff("RandomUuid", { keepers: { a: "1" } }, { keepers: UNKNOWN }), {
        keepers: "update-replace",
      });
    });

    it("sees no change in a default written out, the order of keepers, secrecy, or the official plugin's notes", async () => {
      assert.deepEqual(await diff("RandomPassword", { length: 8, __defaults: [] }, { length: 8, lower: true }), {});
      const [before, after] = [{ keepers: { a: "1", b: "2" } }, { keepers: { b: secret("2"), a: "1" } }];
      assert.deepEqual(await diff("RandomUuid", before, after), {});
    });
  });

  it("reads back the state, and takes over a value that exists", async () => {
    const state = { length: 3, result: secret("abc") };
    const known = await randomProvider.read({ ...call("RandomPassword"), id: "none", inputs: { length: 3 }, state });
    assert.deepEqual(known, { id: "none", inputs: { length: 3 }, state });
    const adopted = await randomProvider.read({ ...call("RandomPassword"), id: "hunter2", inputs: {}, state: {} });
    assert.equal(adopted?.id, "none");
    assert.deepEqual(adopted.state.result, secret("hunter2"));
    assert.deepEqual(adopted.inputs, { length: 7 });
    const shuffle = randomProvider.read({ ...call("RandomShuffle"), id: "-", inputs: {}, state: {} });
    await assert.rejects(shuffle, /can't be imported/);
  });
});
