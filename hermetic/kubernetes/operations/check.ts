import type { CheckCall, CheckFailure } from "../../protocol/provider";
import { isObject, isSecret, isUnknown, plain, secret, type Json, type JsonObject } from "../../protocol/values";
import { parseWaitFor } from "../await/waitFor";
import type { Context } from "../context";
import { annotation, AUTONAMED, autoName, idOf, isAutonamed, isPatch, kindOf, metadata } from "../identity";
import { record } from "../objects";
import { isNamespaced } from "../scope";
import { refusalOf } from "./refused";

/** Completes and validates inputs: identity, name, namespace, annotations. The server is not asked. */
export function check(context: Context, call: CheckCall): { inputs: JsonObject; failures: CheckFailure[] } {
  const refusal = refusalOf(call.type, call.newInputs);
  if (refusal !== undefined) return { inputs: call.newInputs, failures: [{ property: "kind", reason: refusal }] };
  rememberOld(context, call);
  const kind = kindOf(call.type, call.newInputs);
  const patch = isPatch(call.type, call.newInputs);
  let inputs: JsonObject = {
    ...call.newInputs,
    apiVersion: call.newInputs.apiVersion ?? kind.apiVersion,
    kind: call.newInputs.kind ?? kind.kind,
  };
  const failures = checkMetadata(inputs, patch);
  if (failures.length > 0) return { inputs, failures };
  if (!patch && metadata(inputs, "name") === undefined) inputs = named(inputs, call);
  if (context.options.namespace !== undefined && isNamespaced(kind) && metadata(inputs, "namespace") === undefined) {
    inputs = withMetadata(inputs, (values) => ({ ...values, namespace: context.defaultNamespace }));
  }
  return { inputs, failures };
}

/** A name that the engine shows us as old is in its state, even if it asks for a replacement next. */
function rememberOld({ memory, defaultNamespace }: Context, { urn, type, oldInputs }: CheckCall): void {
  const name = metadata(oldInputs, "name");
  if (typeof name !== "string") return;
  const namespaced = isNamespaced(kindOf(type, oldInputs));
  const namespace = metadata(oldInputs, "namespace");
  const given = typeof namespace === "string" ? namespace : namespaced === true ? defaultNamespace : undefined;
  memory.sawInState(urn, idOf({ name, namespace: namespaced === false ? undefined : given }), {});
}

function named(inputs: JsonObject, { name, oldInputs, randomSeed }: CheckCall): JsonObject {
  if (isUnknown(plain(inputs.metadata ?? null))) return inputs;
  const old = metadata(oldInputs, "name");
  const chosen = isAutonamed(oldInputs) && typeof old === "string" ? old : autoName(name, randomSeed);
  return withMetadata(inputs, (values) => ({
    ...values,
    name: chosen,
    annotations: { ...record(values, "annotations"), [AUTONAMED]: "true" },
  }));
}

function withMetadata(inputs: JsonObject, change: (values: JsonObject) => JsonObject): JsonObject {
  const given = inputs.metadata ?? {};
  if (isUnknown(plain(given))) return inputs;
  const values = isSecret(given) ? plain(given) : given;
  const changed: Json = change(isObject(values) ? values : {});
  return { ...inputs, metadata: isSecret(given) ? secret(changed) : changed };
}

const PROPAGATION = ["background", "foreground", "orphan"];

function checkMetadata(inputs: JsonObject, patch: boolean): CheckFailure[] {
  const failures: CheckFailure[] = [];
  const fail = (property: string, reason: string) => failures.push({ property, reason });
  const given = plain(inputs.metadata ?? {});
  if (isUnknown(given)) return [];
  if (!isObject(given)) fail("metadata", `metadata is ${JSON.stringify(given)}; it must be an object`);
  const name = metadata(inputs, "name");
  if (name !== undefined && typeof name !== "string")
    fail("metadata.name", `metadata.name is ${JSON.stringify(name)}; it must be a string`);
  if (metadata(inputs, "generateName") !== undefined) {
    fail(
      "metadata.generateName",
      "metadata.generateName is not supported by this plugin; leave metadata.name out to get a generated name",
    );
  }
  if (patch && name === undefined)
    fail("metadata.name", "a Patch resource needs metadata.name: it changes an object that exists already");
  const value = (key: string) => annotation(inputs, key);
  const property = (key: string) => `metadata.annotations["${key}"]`;
  const waitFor = value("pulumi.com/waitFor");
  if (waitFor !== undefined) {
    try {
      parseWaitFor(waitFor);
    } catch (error) {
      fail(property("pulumi.com/waitFor"), error instanceof Error ? error.message : String(error));
    }
  }
  const propagation = value("pulumi.com/deletionPropagationPolicy");
  if (propagation !== undefined && !PROPAGATION.includes(propagation.toLowerCase())) {
    fail(
      property("pulumi.com/deletionPropagationPolicy"),
      `"${propagation}" is not a propagation policy; allowed: ${PROPAGATION.join(", ")}`,
    );
  }
  const timeout = value("pulumi.com/timeoutSeconds");
  if (timeout !== undefined && !(Number(timeout) > 0)) {
    fail(property("pulumi.com/timeoutSeconds"), `"${timeout}" is not a number of seconds above 0`);
  }
  if (value("pulumi.com/replaceUnready") === "true") {
    fail(
      property("pulumi.com/replaceUnready"),
      "this annotation is not supported by this plugin; use the engine's --target-replace",
    );
  }
  return failures;
}
