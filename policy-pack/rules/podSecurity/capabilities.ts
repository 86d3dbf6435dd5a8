import { addedCapabilities, droppedCapabilities } from "../../controls/podSecurity";
import type { Field } from "../../lib/accessor";
import { UNREADABLE, type Report } from "../../lib/report";
import { podRule, type Rule } from "../../lib/rule";
import { eachContainer, isWindows } from "./fields";

/** What container runtimes grant anyway. */
const BASELINE_CAPABILITIES = new Set(
  `AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT`.split(
    " ",
  ),
);

const capabilitiesWithinBaseline = podRule(addedCapabilities, (pod, report, { podSecurityLevel }) => {
  // At the restricted level PSS-004 takes the place of this check, and it leaves Windows alone.
  if (podSecurityLevel === "restricted" && isWindows(pod)) return;
  eachContainer(pod, report, (container) => {
    for (const added of container.field.at("securityContext", "capabilities", "add").items()) {
      report.attempt(() => {
        const capability = added.string() ?? "";
        if (BASELINE_CAPABILITIES.has(capability)) return;
        report.violation(
          added,
          `is "${capability}" (${container.label})`,
          "remove it; drop ALL and add NET_BIND_SERVICE at most",
        );
      });
    }
  });
});

const capabilitiesDropped = podRule(droppedCapabilities, (pod, report) => {
  if (isWindows(pod)) return;
  eachContainer(pod, report, (container) => {
    const capabilities = container.field.at("securityContext", "capabilities");
    report.attempt(() => {
      const drop = capabilities.at("drop");
      const dropped = drop.items().map((item) => report.attempt(() => item.string()));
      if (dropped.includes("ALL") || dropped.includes(UNREADABLE)) return;
      report.violation(drop, `does not contain "ALL" (${container.label})`, 'set capabilities.drop to ["ALL"]');
    });
    for (const added of readableItems(capabilities.at("add"), report)) {
      report.attempt(() => {
        const capability = added.string() ?? "";
        // What is outside the baseline set is the finding of another control.
        if (capability === "NET_BIND_SERVICE" || !BASELINE_CAPABILITIES.has(capability)) return;
        report.violation(
          added,
          `is "${capability}" (${container.label})`,
          "remove it; only NET_BIND_SERVICE may be added",
        );
      });
    }
  });
});

function readableItems(field: Field, report: Report): Field[] {
  const items = report.attempt(() => field.items());
  return items === UNREADABLE ? [] : items;
}

export const capabilityRules: Rule[] = [capabilitiesWithinBaseline, capabilitiesDropped];
