import assert from "node:assert/strict";
import { LOST_NODE_SECONDS } from "../../../components/hardening";
import { BACKUP_ALERTS, OBJECTIVE_ALERTS, WORKFLOW_ALERTS } from "../../../components/systems/fiFhir";
import { backupJobs } from "../../../components/systems/fiFhir/database/backups";
import { ARCHIVE_CHECK_SECONDS, ARCHIVE_TIMEOUT_SECONDS, RECOVERY } from "../../../components/systems/fiFhir/figures";
import { serverSpec } from "../../../components/systems/fiFhir/server";
import { FI_FHIR } from "../../program/examples/fi-fhir";

/** S4.52: the figures are kept by settings, and the settings are checked against the figures. */
describe("recovery objectives (S4.52)", () => {
  it("are the seed's", () => {
    const figures = Object.values(RECOVERY).map(({ recoverySeconds, lossSeconds }) => [recoverySeconds, lossSeconds]);
    assert.deepEqual(figures, [
      [30, 0],
      [300, 0],
      [900, 300],
      [3600, 900],
    ]);
  });

  it("pod: a pod that stops answering leaves the Service within 30 s", () => {
    const { readiness, replicas } = serverSpec(FI_FHIR);
    assert.ok((readiness?.periodSeconds ?? 10) * (readiness?.failureThreshold ?? 3) <= RECOVERY.pod.recoverySeconds);
    assert.ok((replicas ?? 0) >= 2);
  });

  it("node: detection (40 s), toleration and start-up are within 5 minutes", () => {
    const { startup } = serverSpec(FI_FHIR);
    const start = (startup?.periodSeconds ?? 10) * (startup?.failureThreshold ?? 3);
    assert.ok(40 + LOST_NODE_SECONDS + start <= RECOVERY.node.recoverySeconds);
  });

  it("database: what is not archived yet, and the time until that is noticed, are within the RPO", () => {
    assert.ok(ARCHIVE_TIMEOUT_SECONDS + ARCHIVE_CHECK_SECONDS <= RECOVERY.database.lossSeconds);
    assert.equal(ARCHIVE_CHECK_SECONDS % 60, 0, "cron counts minutes");
  });

  it("database: the check runs that often and ends before the next", () => {
    if (FI_FHIR.database.kind !== "in-cluster") throw new Error("the example changed");
    const check = backupJobs(FI_FHIR.database, true).find(({ name }) => name === "fi-fhir-archive-check");
    assert.equal(check?.schedule, "*/4 * * * *");
    assert.ok((check.activeDeadlineSeconds ?? 3600) < ARCHIVE_CHECK_SECONDS);
  });
});

describe("alerts (S4.40 to S4.45)", () => {
  const all = [...WORKFLOW_ALERTS, ...OBJECTIVE_ALERTS, ...BACKUP_ALERTS];
  const byName = (name: string): string => all.find((alert) => alert.name === name)?.expr ?? "";

  it("S4.40: sums both sides of the ratio", () => {
    assert.equal(
      byName("FiFhirHighErrorRate"),
      "sum(rate(workflow_action_errors_total[5m])) / sum(rate(workflow_events_processed_total[5m])) > 0.05",
    );
  });

  it("S4.44: have the objectives' limits", () => {
    assert.match(byName("FiFhirAvailabilityBelowObjective"), /< 0\.995$/);
    assert.match(byName("FiFhirLatencyAboveObjective"), /> 1000$/);
    assert.match(byName("FiFhirErrorRateAboveObjective"), /> 0\.01$/);
    assert.match(byName("FiFhirDLQBacklog"), /> 100$/);
  });

  it("fire when a backup never happened, too", () => {
    for (const { expr } of BACKUP_ALERTS) assert.match(expr, /or absent\(/);
  });

  it("have balanced brackets and an own name each", () => {
    for (const { expr, name } of all) assert.equal(expr.split("(").length, expr.split(")").length, name);
    assert.equal(new Set(all.map(({ name }) => name)).size, all.length);
  });
});
