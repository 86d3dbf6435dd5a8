import assert from "node:assert/strict";
import { execa } from "execa";
import { REPOSITORY } from "../support/engine";

/** What a pull request must pass besides the tests themselves. */
describe("the repository", function () {
  this.timeout(600_000);

  for (const [what, command, ...args] of [
    ["type-checks", "tsc", "--noEmit"],
    ["has no lint", "eslint", "."],
    ["is formatted", "prettier", "--check", "."],
  ] as const) {
    it(what, async () => {
      const { exitCode, all } = await execa(command, args, {
        cwd: REPOSITORY,
        preferLocal: true,
        reject: false,
        all: true,
      });
      assert.equal(exitCode, 0, all);
    });
  }
});
