import { allowAll } from "../../controls/stack";
import type { Field } from "../../lib/accessor";
import { coversEverybody, type Range } from "../../lib/cidr";
import type { KubernetesObject } from "../../lib/objects";
import type { Report } from "../../lib/report";
import { objectRule, type Rule } from "../../lib/rule";
import { DIRECTIONS, isNetworkPolicy, openDoors, rangesOf, rulesOf, type Direction } from "./peers";

const FIX = "name the peers by labels or by a narrow ipBlock; for the internet, leave private networks out with except";

export const noAllowAll: Rule = objectRule(allowAll, {
  subject: "NetworkPolicies",
  applies: isNetworkPolicy,
  check(object, report) {
    for (const direction of DIRECTIONS) {
      report.attempt(() => {
        checkDirection(object, direction, report);
      });
    }
  },
});

function checkDirection(object: KubernetesObject, direction: Direction, report: Report): void {
  const before = report.findings.length;
  const ranges: Range[] = [];
  for (const rule of rulesOf(object, direction)) {
    report.attempt(() => {
      for (const { at, problem } of openDoors(rule, direction)) report.violation(at, problem, FIX);
      ranges.push(...peersOf(rule, direction).flatMap((peer) => rangesOf(peer)));
    });
  }
  // Rules add up: what none of them opens alone, they may open together.
  if (report.findings.length === before && coversEverybody(ranges)) {
    report.violation(object.root.at("spec", direction), "covers, rule by rule, all addresses", FIX);
  }
}

function peersOf(rule: Field, direction: Direction): Field[] {
  return rule.at(direction === "ingress" ? "from" : "to").items();
}
