import assert from "node:assert/strict";
import fc from "fast-check";
import { ConfigError, loadConfig } from "../../../config/index";
import { alignCidr, formatCidr, overlaps, parseCidr, type Cidr } from "../../../config/cidr";
import { parseImage, parseQuantity } from "../../../config/scalarsKubernetes";
import { editDistance, suggest } from "../../../config/suggest";
import { prod, set } from "./fixtures";

const cidr: fc.Arbitrary<Cidr> = fc
  .tuple(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.integer({ min: 0, max: 32 }))
  .map(([address, prefix]) => ({ first: address - (address % 2 ** (32 - prefix)), size: 2 ** (32 - prefix), prefix }));

describe("CIDR blocks", () => {
  it("are read as they are written", () => {
    fc.assert(fc.property(cidr, (block) => assert.deepEqual(parseCidr(formatCidr(block)), block)));
  });

  it("overlap exactly when an end of one lies in the other", () => {
    const within = (address: number, { first, size }: Cidr) => address >= first && address < first + size;
    fc.assert(
      fc.property(cidr, cidr, (one, other) => {
        const expected = within(one.first, other) || within(other.first, one);
        assert.equal(overlaps(one, other), expected);
        assert.equal(overlaps(other, one), expected);
      }),
    );
  });

  it("overlap their own halves, and the halves don't overlap each other", () => {
    fc.assert(
      fc.property(
        cidr.filter(({ prefix }) => prefix < 32),
        ({ first, size, prefix }) => {
          const [low, high] = [0, size / 2].map((offset) => ({
            first: first + offset,
            size: size / 2,
            prefix: prefix + 1,
          }));
          assert.ok(low && high && overlaps(low, { first, size, prefix }) && overlaps(high, { first, size, prefix }));
          assert.ok(!overlaps(low, high));
        },
      ),
    );
  });

  it("are aligned to what was meant", () => {
    fc.assert(
      fc.property(cidr, fc.nat(), ({ first, size, prefix }, offset) => {
        const written = `${formatCidr({ first: first + (offset % size), size, prefix }).split("/")[0] ?? ""}/${String(prefix)}`;
        assert.equal(alignCidr(written), formatCidr({ first, size, prefix }));
      }),
    );
  });
});

describe("scalars", () => {
  it("quantities keep their order", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), (n) => {
        const values = [
          `${String(n)}m`,
          String(n),
          `${String(n)}k`,
          `${String(n)}Ki`,
          `${String(n)}M`,
          `${String(n)}Gi`,
        ].map((text) => parseQuantity(text) ?? NaN);
        assert.deepEqual(
          values,
          values.toSorted((a, b) => a - b),
        );
      }),
    );
    for (const wrong of ["", "1GB", "-1", "1e3x", "Gi", " 1"]) assert.equal(parseQuantity(wrong), undefined, wrong);
  });

  it("images", () => {
    const digest = `sha256:${"a".repeat(64)}`;
    assert.deepEqual(parseImage(`ghcr.io:443/a/b_c:v1@${digest}`), { registry: "ghcr.io:443", tag: "v1", digest });
    for (const wrong of ["postgres", "ghcr.io/", "ghcr.io/A:1", "ghcr.io/a:1@sha256:00", "ghcr.io/a b"])
      assert.equal(parseImage(wrong), undefined, wrong);
  });
});

describe("did you mean", () => {
  it("is a distance", () => {
    const word = fc.string({ maxLength: 12 });
    fc.assert(
      fc.property(word, word, word, (a, b, c) => {
        assert.equal(editDistance(a, a), 0);
        assert.equal(editDistance(a, b), editDistance(b, a));
        // The restricted distance may miss the triangle by what a swap saves, never by more.
        assert.ok(editDistance(a, c) <= 2 * (editDistance(a, b) + editDistance(b, c)));
      }),
    );
  });

  it("finds the word behind a slip", () => {
    const known = ["cluster", "mesh", "vault", "systems", "monitoring"];
    for (const [slip, meant] of [
      ["clutser", "cluster"],
      ["Vault", "vault"],
      ["system", "systems"],
      ["monitorng", "monitoring"],
    ]) {
      assert.equal(suggest(slip ?? "", known), meant);
    }
    assert.equal(suggest("unrelated", known), undefined);
  });
});

describe("any configuration", () => {
  it("is accepted or refused with a ConfigError, never anything else", () => {
    const keys = [
      "kind",
      "cluster",
      "mesh",
      "vault",
      "charts",
      "crds",
      "images",
      "systems",
      "policy:exemptions",
      "gcp:project",
      "other:key",
    ];
    fc.assert(
      fc.property(fc.constantFrom(...keys), fc.jsonValue(), (key, value) => {
        try {
          loadConfig(set(prod(), key, value));
        } catch (error) {
          assert.ok(error instanceof ConfigError, String(error));
        }
      }),
      { numRuns: 300 },
    );
  });
});
