import { isObject, isSecret, plain, UNKNOWN, type Json, type JsonObject } from "../../protocol/values";
import { groupOf } from "../identity";
import { at, record, text, without, withValue } from "../objects";
import { protect } from "./secrets";
import { isSecretObject, withSecretData } from "./secretObject";

/** The field manager under which we own the object: kept in the state, because a renamed resource has another URN. */
export const MANAGER_KEY = "__fieldManager";

/** Holds a copy of the whole object in clear text, secrets included. */
const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

/** What the state keeps of a live object: all but bookkeeping. Secrets of the inputs stay secret. */
export function stateOf(live: JsonObject, inputs: JsonObject, manager: string): JsonObject {
  const object = protect(compact(live), inputs);
  const written: JsonObject = {};
  if (isSecretObject(live) && inputs.stringData !== undefined) written.stringData = inputs.stringData;
  return { ...withSecretData({ ...object, ...written }), [MANAGER_KEY]: manager };
}

/** The object without what only the server needs. */
export function compact(live: JsonObject): JsonObject {
  const lean = without(without(live, "metadata", "managedFields"), "metadata", "annotations", LAST_APPLIED);
  const definition =
    live.kind === "CustomResourceDefinition" && groupOf(text(live, "apiVersion") ?? "") === "apiextensions.k8s.io";
  if (!definition) return lean;
  // Schemas make up nearly all of a definition and the inputs hold them already.
  const versions = at(lean, "spec", "versions");
  const slim = Array.isArray(versions)
    ? versions.map((version) => (isObject(version) ? without(version, "schema") : version))
    : [];
  return withValue(lean, slim, "spec", "versions");
}

/** What a preview tells of an object that is not there yet. `answer`: of a dry run, when the server could be asked. */
export function previewOfNew(inputs: JsonObject, answer: JsonObject | undefined, manager: string): JsonObject {
  const known = answer ? stateOf(answer, inputs, manager) : { ...withSecretData(inputs), [MANAGER_KEY]: manager };
  const metadata = known.metadata;
  // A dry run invents these: the real ones will be others.
  const assigned = { uid: UNKNOWN, resourceVersion: UNKNOWN, creationTimestamp: UNKNOWN, generation: UNKNOWN };
  const object: JsonObject = { ...known };
  if (isObject(metadata)) object.metadata = { ...metadata, ...assigned };
  if (answer === undefined || answer.status !== undefined) object.status = UNKNOWN;
  return plain(object.kind ?? null) === "Service" ? withUnknownAddresses(object, inputs) : object;
}

function withUnknownAddresses(service: JsonObject, inputs: JsonObject): JsonObject {
  const spec = service.spec;
  if (!isObject(spec)) return service;
  const given = record(plain(inputs.spec ?? null));
  const assigned = ["clusterIP", "clusterIPs", "healthCheckNodePort"].filter((key) => given[key] === undefined);
  const unknown = Object.fromEntries(
    assigned.filter((key) => key !== "healthCheckNodePort" || key in spec).map((key): [string, Json] => [key, UNKNOWN]),
  );
  const ports = Array.isArray(spec.ports)
    ? spec.ports.map((port, i) => withUnknownNodePort(port, at(given, "ports", i)))
    : undefined;
  return { ...service, spec: { ...spec, ...unknown, ...(ports ? { ports } : {}) } };
}

function withUnknownNodePort(port: Json, given: Json | undefined): Json {
  return isObject(port) && port.nodePort !== undefined && at(given, "nodePort") === undefined
    ? { ...port, nodePort: UNKNOWN }
    : port;
}

/** What a preview tells of an object that will be updated. */
export function previewOfUpdate(inputs: JsonObject, state: JsonObject, answer: JsonObject | undefined): JsonObject {
  const manager = text(state, MANAGER_KEY) ?? "";
  const object = answer ? stateOf(answer, inputs, manager) : withSecretData(overlay(state, inputs));
  const metadata = object.metadata;
  if (isObject(metadata)) object.metadata = { ...metadata, resourceVersion: UNKNOWN, generation: UNKNOWN };
  if (!answer && object.status !== undefined) object.status = UNKNOWN;
  return object;
}

/** `base` with the values of `top` over it; lists are taken whole. */
function overlay(base: JsonObject, top: JsonObject): JsonObject {
  const merged = Object.entries(top).map(([key, value]): [string, Json] => {
    const below = base[key];
    return [
      key,
      isObject(value) && isObject(below) && !isSecret(value) && !isSecret(below) ? overlay(below, value) : value,
    ];
  });
  return { ...base, ...Object.fromEntries(merged) };
}
