import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { LandingZone } from "../support/landingZone";
import { mutations, PLANTED_PASSWORD, type Mutation } from "../support/mutations";

/** What the refusal must say: the control, the field, and how to put it right. */
const EXPECTED: Record<Mutation, { control: RegExp; field: RegExp; fix: RegExp }> = {
  privileged: { control: /PSS-002/, field: /containers\[0\]\.securityContext\.privileged/, fix: /Fix: .*privileged/ },
  hostPath: { control: /PSS-005/, field: /volumes\[\d+\]\.hostPath/, fix: /Fix: \S+/ },
  latest: { control: /IMG-001/, field: /containers\[0\]\.image/, fix: /Fix: .*(tag|version|digest)/ },
  unknownField: {
    control: /PSS-015/,
    field: /containers\[0\]\.securityContext\.allowPrivilegeEscalation is unknown/,
    fix: /Fix: \S+/,
  },
  password: { control: /SEC-002/, field: /containers\[0\]\.env/, fix: /Fix: .*Vault/ },
};

for (const like of ["local", "prod"] as const) {
  describe(`an insecure change to fi-fhir on ${like}, whose cluster does not exist`, function () {
    this.timeout(180_000);
    let zone: LandingZone;
    const name = `insecure-${like}-${process.pid}`;

    before(async () => {
      zone = await LandingZone.create({ name, like });
    });
    after(() => zone.dispose());

    it("is not needed for a preview to pass: the program as it is has no violation", async () => {
      await zone.program();
      const { output } = await zone.engine.preview();
      assert.doesNotMatch(output, /\[mandatory\]/);
      assert.match(output, /Deployment fi-fhir create/);
    });

    for (const mutation of Object.keys(mutations) as Mutation[]) {
      it(`${mutation}: the preview fails and names control, resource, field and fix`, async () => {
        await zone.program(mutation);
        const { output, exitCode } = await zone.engine.preview([], { expect: "any" });
        assert.notEqual(exitCode, 0);
        const { control, field, fix } = EXPECTED[mutation];
        const about = violations(output).filter(
          (text) => control.test(text) && text.includes("Deployment fi-fhir/fi-fhir"),
        );
        assert.ok(about.length > 0, `no violation of ${control.source} at the Deployment in:\n${output}`);
        assert.ok(
          about.some((text) => field.test(text) && fix.test(text)),
          about.join("\n"),
        );
        assert.ok(
          about.every((text) => text.includes("[mandatory]")),
          about.join("\n"),
        );
      });
    }

    it("never shows the password that somebody pasted", async () => {
      await zone.program("password");
      const { output } = await zone.engine.preview(["--diff"], { expect: "any" });
      const shownByPack = violations(output).filter((text) => text.includes(PLANTED_PASSWORD));
      assert.deepEqual(shownByPack, []);
    });

    it("up refuses it as well, and nothing was applied", async () => {
      await zone.program("privileged");
      const args = ["up", "--yes", "--stack", name, "--non-interactive", "--color", "never"];
      const { exitCode } = await zone.engine.pulumi(args, { expect: "any" });
      assert.notEqual(exitCode, 0);
      const state = JSON.parse(await zone.engine.state()) as { deployment: { resources?: { type: string }[] } };
      const applied = (state.deployment.resources ?? []).filter(({ type }) => !type.startsWith("pulumi:"));
      assert.deepEqual(applied, []);
      assert.equal(existsSync(zone.directory), false);
    });
  });
}

/** One text for each violation that the pack reports: its level, the control, and the lines below it. */
function violations(output: string): string[] {
  const start = output.indexOf("Policies:");
  const end = output.indexOf("\nDiagnostics:", start);
  const report = output.slice(start, end < 0 ? undefined : end);
  return report.split(/\n(?= +- \[)/).slice(1);
}
