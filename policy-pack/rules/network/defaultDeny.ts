import { defaultDeny } from "../../controls/stack";
import { readOr, type Field } from "../../lib/accessor";
import { objectsOf, type KubernetesObject } from "../../lib/objects";
import type { Report } from "../../lib/report";
import { stackRule, type Rule } from "../../lib/rule";
import { isWorkload } from "../../lib/workloads";
import { isSystemNamespace } from "../namespaces";
import { DIRECTIONS, isNetworkPolicy, isolates, openDoors, rulesOf, selectsAll, type Direction } from "./peers";

const FIX = "add a NetworkPolicy with podSelector {}, policyTypes Ingress and Egress and no rules";

export const denyByDefault: Rule = stackRule(defaultDeny, {
  check(resources, report, { settings }) {
    const isolation: Isolation[] = [];
    const needed = new Map<string, KubernetesObject>();
    for (const resource of resources) {
      for (const object of report.attemptOr([], () => objectsOf(resource))) {
        if (isNetworkPolicy(object)) isolation.push(...readOr([], () => isolationOf(object)));
        else if (object.group === "cilium.io") isolation.push(...readOr([], () => ciliumIsolationOf(object)));
        else if (object.is("Namespace", "")) need(object, object.name, needed, report);
        else if (report.attemptOr(true, () => isWorkload(object, settings.podTemplatePaths))) {
          need(object, object.namespace, needed, report);
        }
      }
    }
    for (const [namespace, object] of needed) {
      const open = DIRECTIONS.filter((direction) => !isolation.some((entry) => entry(namespace, direction)));
      if (open.length === 0) continue;
      const problem = `namespace ${namespace} has no policy that isolates all its pods for ${open.join(" and ")}`;
      report.violation("", problem, FIX, { object, resource: object.resource, namespace });
    }
  },
});

/** True for the namespaces and directions in which one policy isolates every pod. */
type Isolation = (namespace: string, direction: Direction) => boolean;

/** The Namespace object speaks for its namespace; without one, the first workload in it. */
function need(object: KubernetesObject, at: Field, needed: Map<string, KubernetesObject>, report: Report): void {
  if (at.isUnknown) {
    const problem = "is unknown at preview, so its default-deny policy cannot be found";
    report.violation(at, problem, `give ${at.path} a literal value`, { object, resource: object.resource });
    return;
  }
  const namespace = readOr(undefined, () => at.string()) ?? "default";
  if (isSystemNamespace(namespace)) return;
  if (!needed.has(namespace) || object.is("Namespace", "")) needed.set(namespace, object);
}

function isolationOf(object: KubernetesObject): Isolation[] {
  if (!selectsAll(object.root.at("spec", "podSelector"))) return [];
  const namespace = object.namespace.string() ?? "default";
  const closed = DIRECTIONS.filter((direction) =>
    readOr(
      false,
      () =>
        isolates(object, direction) &&
        rulesOf(object, direction).every((rule) => openDoors(rule, direction).length === 0),
    ),
  );
  return [(of, direction) => of === namespace && closed.includes(direction)];
}

/** Cilium: a policy isolates what it selects as soon as it has a rule, and the rule {} allows nobody. */
function ciliumIsolationOf(object: KubernetesObject): Isolation[] {
  const isClusterwide = object.kinds.includes("CiliumClusterwideNetworkPolicy");
  if (!isClusterwide && !object.kinds.includes("CiliumNetworkPolicy")) return [];
  return [object.root.at("spec"), ...object.root.at("specs").items()].map((spec) => {
    const selector = spec.at("endpointSelector");
    const closed = selector.present() ? DIRECTIONS.filter((direction) => isClosed(spec, direction)) : [];
    const own = isClusterwide ? undefined : (object.namespace.string() ?? "default");
    const everywhere = selectsAll(selector);
    return (namespace, direction) =>
      closed.includes(direction) &&
      (own === undefined ? everywhere || selectsNamespace(selector, namespace) : everywhere && own === namespace);
  });
}

function isClosed(spec: Field, direction: Direction): boolean {
  const rules = spec.at(direction).items();
  if (spec.at("enableDefaultDeny", direction).boolean() === false || rules.length === 0) return false;
  const entities = direction === "ingress" ? "fromEntities" : "toEntities";
  return !rules.some((rule) =>
    rule
      .at(entities)
      .items()
      .some((entity) => entity.string() === "all"),
  );
}

const NAMESPACE_LABEL = /^(k8s[:.])?io\.kubernetes\.pod\.namespace$/;

/** Clusterwide policies name namespaces by a label that Cilium gives each pod; any other condition narrows further. */
function selectsNamespace(selector: Field, namespace: string): boolean {
  const byLabel = selector.at("matchLabels").entries();
  const byExpression = selector.at("matchExpressions").items();
  return (
    byLabel.every(([key, value]) => NAMESPACE_LABEL.test(key) && value.string() === namespace) &&
    byExpression.every((expression) => {
      const values = expression
        .at("values")
        .items()
        .map((value) => value.string());
      const operator = expression.at("operator").string();
      if (!NAMESPACE_LABEL.test(expression.at("key").string() ?? "")) return false;
      return operator === "In" ? values.includes(namespace) : operator === "NotIn" && !values.includes(namespace);
    })
  );
}
