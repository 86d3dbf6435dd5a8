import type { PolicyResource } from "@pulumi/policy";
import { emptyInstaller, helmRelease, unknownKind } from "../controls/stack";
import { Field, readOr } from "../lib/accessor";
import { isInstaller } from "../lib/objects";
import type { Report } from "../lib/report";
import { resourceRule, stackRule, type Rule } from "../lib/rule";

const isRelease = (type: string): boolean => /^kubernetes:helm\.sh\/v\d+:Release$/.test(type);

const noRelease = resourceRule(helmRelease, {
  subject: "Helm Releases",
  check({ type, name, props }, report) {
    if (!isRelease(type)) return false;
    const chart = readOr(undefined, () => Field.of(props).at("chart").string()) ?? "unknown chart";
    report.violation(
      "",
      `Release ${name} (${chart}) hides the objects that it installs`,
      "render the chart into resources of the program",
    );
    return true;
  },
});

const isKubernetesObject = (type: string): boolean => type.startsWith("kubernetes:") && !isInstaller(type);

const installersShowTheirObjects = stackRule(emptyInstaller, {
  check(resources, report) {
    const shown = new Set<string>();
    for (const resource of resources) {
      if (!isKubernetesObject(resource.type)) continue;
      for (const ancestor of ancestorsOf(resource)) shown.add(ancestor.urn);
    }
    for (const resource of resources) {
      if (!isInstaller(resource.type) || isRelease(resource.type) || shown.has(resource.urn)) continue;
      const problem = `${resource.type} ${resource.name} has no object below it in the stack, so nothing of it was checked`;
      report.violation("", problem, "render it without the cluster, or create the cluster in a stack of its own", {
        resource,
      });
    }
  },
});

function ancestorsOf(resource: PolicyResource): PolicyResource[] {
  const ancestors: PolicyResource[] = [];
  for (let parent = resource.parent; parent && !ancestors.includes(parent); parent = parent.parent)
    ancestors.push(parent);
  return ancestors;
}

const kindIsKnown = resourceRule(unknownKind, {
  subject: "Kubernetes objects",
  check({ type, props }, report) {
    if (!isKubernetesObject(type)) return false;
    checkKind(Field.of(props), report, type.endsWith("List"), 0);
    return true;
  },
});

function checkKind(object: Field, report: Report, isList: boolean, depth: number): void {
  for (const key of ["apiVersion", "kind"]) report.attempt(() => object.at(key).string());
  const kind = readOr(undefined, () => object.at("kind").string());
  if (!(isList || kind?.endsWith("List")) || depth > MAX_DEPTH) return;
  report.attempt(() => {
    for (const item of object.at("items").items()) {
      report.attempt(() => {
        item.keys();
        checkKind(item, report, false, depth + 1);
      });
    }
  });
}

const MAX_DEPTH = 8;

export const opaqueRules: Rule[] = [noRelease, installersShowTheirObjects, kindIsKnown];
