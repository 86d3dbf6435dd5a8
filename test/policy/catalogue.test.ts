import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { catalogue } from "../../policy-pack/controls/catalogue";
import { PAGES, referencePages } from "../../policy-pack/document";
import { createPolicies, rules } from "../../policy-pack/policies";

describe("policy pack: catalogue", () => {
  it("has one rule for each control and one control for each rule", () => {
    const ids = catalogue.map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length);
    assert.deepEqual(rules.map(({ control }) => control.id).sort(), [...ids].sort());
  });

  it("says of every policy what a reader needs", () => {
    for (const policy of createPolicies()) {
      assert.match(policy.name, /^[A-Z]{2,3}-\d{3}$/);
      for (const text of [
        policy.displayName,
        policy.description,
        policy.severity,
        policy.remediationSteps,
        policy.url,
      ]) {
        assert.ok(text && text.length > 2, policy.name);
      }
      assert.ok(policy.framework && (policy.tags ?? []).length > 0, `${policy.name} has no reference`);
    }
  });

  it("never claims that a published source maps a control to HIPAA", () => {
    for (const { id, references } of catalogue) {
      for (const { framework, ours } of references) assert.ok(framework !== "HIPAA Security Rule" || ours, id);
    }
  });

  it("has up-to-date reference pages: npx tsx policy-pack/document.ts", async () => {
    const pages = await referencePages();
    assert.deepEqual(readdirSync(PAGES).sort(), [...pages.keys()].sort());
    for (const [name, text] of pages) assert.equal(readFileSync(path.join(PAGES, name), "utf8"), text, name);
  });
});
