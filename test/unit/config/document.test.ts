import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { CHART_NAMES } from "../../../config/index";
import { PAGE, updated } from "../../../config/document";

describe("docs/configuration.md", () => {
  const page = readFileSync(PAGE, "utf8");

  it("is up to date: otherwise run `tsx config/document.ts`", () => {
    assert.equal(page, updated(page));
  });

  it("explains every key", () => {
    const rows = page.split("\n").filter((line) => line.startsWith("| `"));
    assert.ok(rows.length > 100);
    for (const row of rows) assert.ok(!/\|\s+\|$/.test(row), `no explanation: ${row}`);
  });
});

describe("charts that the configuration knows", () => {
  it("are those of charts.yaml", () => {
    const charts = parse(readFileSync("components/charts/charts.yaml", "utf8")) as object;
    assert.deepEqual(Object.keys(charts).sort(), [...CHART_NAMES].sort());
  });
});
