import assert from "node:assert/strict";
import { evaluateJsonPath, parseJsonPath } from "../../../hermetic/kubernetes/await/jsonPath";
import { parseWaitFor } from "../../../hermetic/kubernetes/await/waitFor";
import type { JsonObject } from "../../../hermetic/protocol/values";

describe("a JSON path", () => {
  const root: JsonObject = {
    a: {
      "b.c": 1,
      "d/e": "2",
      list: [
        { type: "Ready", status: "True" },
        { type: "Synced", status: "False" },
      ],
    },
  };
  const cases: [path: string, values: unknown[]][] = [
    ["{.a.list[0].type}", ["Ready"]],
    [".a.list[-1].status", ["False"]],
    ["a.list[*].status", ["True", "False"]],
    ['{.a.list[?(@.type=="Synced")].status}', ["False"]],
    ["{.a.b\\.c}", [1]],
    ['{.a["d/e"]}', ["2"]],
    ["{$.a.list[7].type}", []],
    ["{.nothing.there}", []],
  ];
  for (const [path, values] of cases) {
    it(`${path} leads to ${JSON.stringify(values)}`, () =>
      assert.deepEqual(evaluateJsonPath(parseJsonPath(path), root), values));
  }

  it("that can't be read is an error with the part that can't", () => {
    for (const path of ["{}", "", "{.a[}", "{.a[?(@.x>1)]}", "{..a}"])
      assert.throws(() => parseJsonPath(path), /path/, path);
  });
});

describe("pulumi.com/waitFor", () => {
  const object = (status: JsonObject): JsonObject => ({ metadata: { generation: 2 }, status });
  const conditions = (status: string) => ({
    conditions: [{ type: "Ready", status, reason: "Because", message: "of this" }],
  });
  const judge = (expression: string, status: JsonObject) => parseWaitFor(expression)(object(status));

  it("waits for a condition", () => {
    assert.equal(judge("condition=Ready", conditions("True")).state, "ready");
    assert.deepEqual(judge("condition=Ready", conditions("False")), {
      state: "pending",
      reason: "condition Ready should be True: Ready is False (Because): of this",
    });
    assert.equal(judge("condition=Ready=false", conditions("False")).state, "ready");
    assert.match(JSON.stringify(judge("condition=Ready", {})), /it is not there yet/);
    assert.equal(judge("condition=Ready", { observedGeneration: 1, ...conditions("True") }).state, "pending");
  });

  it("waits for a value, or for any value", () => {
    assert.equal(judge("jsonpath={.status.phase}=Running", { phase: "Running" }).state, "ready");
    assert.equal(judge("jsonpath={.status.ready}=true", { ready: true }).state, "ready");
    assert.deepEqual(judge("jsonpath={.status.phase}=Running", { phase: "Pending" }), {
      state: "pending",
      reason: "{.status.phase} should be Running: Pending",
    });
    assert.equal(judge("jsonpath={.status.url}", {}).state, "pending");
    assert.equal(judge("jsonpath={.status.url}", { url: "x" }).state, "ready");
    assert.equal(
      judge('jsonpath={.status.conditions[?(@.type=="Ready")].status}=True', conditions("True")).state,
      "ready",
    );
  });

  it("waits for all of several", () => {
    const both = '["condition=Ready", "jsonpath={.status.phase}=Running"]';
    assert.equal(judge(both, { ...conditions("True"), phase: "Pending" }).state, "pending");
    assert.equal(judge(both, { ...conditions("True"), phase: "Running" }).state, "ready");
  });

  it("refuses what it can't understand", () => {
    for (const wrong of ["Ready", "condition=", "[]", "[1]", "[", "jsonpath=", "until=now"])
      assert.throws(() => parseWaitFor(wrong), /Allowed|path/, wrong);
  });
});
