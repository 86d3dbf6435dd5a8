import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import semver from "semver";
import { programs } from "../../../tools/programs";

describe("tools/programs", () => {
  for (const program of programs) {
    describe(program.name, () => {
      it("accepts on a machine the very version that it would build", () => {
        if (program.installed) assert.ok(semver.satisfies(program.version, program.installed.fits));
      });

      it("is pinned by the go.mod beside its recipe", () => {
        const { build } = program;
        assert.ok(["", "overlay"].some((folder) => existsSync(path.join(build.module, folder, "go.sum"))));
        if (build.kind === "script") assert.ok(existsSync(path.join(build.module, "build.sh")));
        else
          assert.match(readFileSync(path.join(build.module, "go.mod"), "utf8"), new RegExp(`v${program.version}\\b`));
      });

      it("names its version in the release's address and verifies it against a published sum", () => {
        const release = program.release?.({ os: "linux", arch: "amd64" });
        if (!release) return;
        assert.ok(release.url.startsWith("https://") && release.checksums.startsWith("https://"));
        assert.ok(release.url.includes(program.version), release.url);
      });
    });
  }
});
