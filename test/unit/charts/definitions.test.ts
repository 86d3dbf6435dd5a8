import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { ArgumentError } from "../../../components/argumentError";
import { readDefinitions } from "../../../components/charts";
import { parseObjects } from "../../../components/charts/object";
import { withoutDescriptions, type Definition } from "../../../components/charts/withoutDescriptions";
import { configMap, definition, EXTERNAL_SECRETS, project, removeProjects, write } from "./fixtures";

function source(): string {
  const { root } = project({});
  write(root, {
    "crds.yaml": [definition("b.example.com", "Two"), definition("a.example.com", "One"), configMap("other")].join(
      "---\n",
    ),
  });
  return root;
}

const kindsOf = (objects: ReturnType<typeof readDefinitions>) =>
  objects.map(({ spec }) => (spec as Definition["spec"]).names.kind);

const failure = (run: () => unknown): ArgumentError => {
  try {
    run();
  } catch (error) {
    if (error instanceof ArgumentError) return error;
    throw error;
  }
  return assert.fail("no error");
};

describe("readDefinitions", () => {
  after(removeProjects);

  it("takes all definitions of a file, in order, and nothing else", () => {
    const objects = readDefinitions({ source: "crds.yaml" }, source());
    assert.deepEqual(kindsOf(objects), ["One", "Two"]);
    assert.ok(!("creationTimestamp" in (objects[0]?.metadata ?? {})));
  });

  it("takes kinds or groups", () => {
    assert.deepEqual(kindsOf(readDefinitions({ source: "crds.yaml", kinds: ["Two"] }, source())), ["Two"]);
    assert.deepEqual(kindsOf(readDefinitions({ source: "crds.yaml", groups: ["a.example.com"] }, source())), ["One"]);
  });

  it("keeps descriptions only on demand", () => {
    assert.ok(!JSON.stringify(readDefinitions({ source: "crds.yaml" }, source())).includes("prose"));
    assert.ok(JSON.stringify(readDefinitions({ source: "crds.yaml", descriptions: true }, source())).includes("prose"));
  });

  it("reads a file once and again when it changes", () => {
    const root = source();
    const args = { source: "crds.yaml" };
    assert.deepEqual(readDefinitions(args, root), readDefinitions(args, root));
    write(root, { "crds.yaml": definition("c.example.com", "Three") });
    assert.deepEqual(kindsOf(readDefinitions(args, root)), ["Three"]);
  });

  it("names what is missing", () => {
    const root = source();
    const kinds = failure(() => readDefinitions({ source: "crds.yaml", kinds: ["One", "Three"] }, root));
    assert.match(kinds.message, /names what is not in the file: Three/);
    assert.match(kinds.details.allowed, /One, Two/);
    assert.match(
      failure(() => readDefinitions({ source: "crds.yaml", groups: ["c.example.com"] }, root)).message,
      /c\.example\.com/,
    );
    assert.match(
      failure(() => readDefinitions({ source: "crds.yaml", kinds: ["One"], groups: ["b.example.com"] }, root)).message,
      /none of the groups/,
    );
    assert.match(
      failure(() => readDefinitions({ source: ".landing-zone/sources/crds/x.yaml" }, root)).details.fix,
      /npm run tools/,
    );
    write(root, { "none.yaml": configMap("x") });
    assert.match(
      failure(() => readDefinitions({ source: "none.yaml" }, root)).message,
      /holds no CustomResourceDefinition/,
    );
  });

  it("makes the definitions of External Secrets a lot smaller", () => {
    const file = path.join(EXTERNAL_SECRETS, "deploy/crds/bundle.yaml");
    const before = parseObjects("bundle", readFileSync(file, "utf8"));
    const after = readDefinitions({ source: file }, project({}).root);
    assert.equal(after.length, before.length);
    const [large, small] = [JSON.stringify(before).length, JSON.stringify(after).length];
    assert.ok(small < large * 0.6, `${String(small)} of ${String(large)} bytes`);
  });
});

/** Any schema, with fields called `description` among its properties. */
const schema = fc.letrec<{ schema: object }>((tie) => ({
  schema: fc.record(
    {
      type: fc.constantFrom("object", "string", "integer"),
      description: fc.string(),
      default: fc.jsonValue({ maxDepth: 1 }),
      enum: fc.array(fc.constantFrom("description", "b")),
      properties: fc.dictionary(fc.constantFrom("description", "items", "name"), tie("schema"), { maxKeys: 2 }),
      items: tie("schema"),
      additionalProperties: fc.oneof(fc.boolean(), tie("schema")),
      allOf: fc.array(tie("schema"), { maxLength: 1 }),
      required: fc.constant(["description"]),
    },
    { requiredKeys: [] },
  ),
})).schema;

describe("withoutDescriptions", () => {
  const wrap = (openAPIV3Schema: object) =>
    ({
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name: "x" },
      spec: { group: "g", names: { kind: "K" }, versions: [{ name: "v1", schema: { openAPIV3Schema } }] },
    }) as unknown as Definition;
  const schemaOf = (value: Definition) => value.spec.versions[0]?.schema?.openAPIV3Schema ?? {};

  /** What a value must be like, description apart: written differently from the code under test. */
  function meaning(node: unknown, isSchema: boolean): unknown {
    if (typeof node !== "object" || node === null) return node;
    if (Array.isArray(node)) return node.map((item) => meaning(item, isSchema));
    const result: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(node)) {
      if (!isSchema) result[key] = meaning(value, true);
      else if (key === "properties") result[key] = meaning(value, false);
      else if (["items", "additionalProperties", "allOf"].includes(key)) result[key] = meaning(value, true);
      else if (key !== "description") result[key] = value;
    }
    return result;
  }

  it("drops the prose and keeps everything that validates", () => {
    fc.assert(
      fc.property(schema, (node) => assert.deepEqual(schemaOf(withoutDescriptions(wrap(node))), meaning(node, true))),
    );
  });

  it("keeps properties, defaults and enums that are called description", () => {
    const node = {
      description: "gone",
      properties: { description: { type: "string", description: "gone", default: { description: "stays" } } },
    };
    assert.deepEqual(schemaOf(withoutDescriptions(wrap(node))), {
      properties: { description: { type: "string", default: { description: "stays" } } },
    });
  });

  it("changes nothing when there is nothing to drop, and not its argument", () => {
    fc.assert(
      fc.property(schema, (node) => {
        const before = JSON.stringify(node);
        const once = withoutDescriptions(wrap(node));
        assert.equal(JSON.stringify(node), before);
        assert.deepEqual(withoutDescriptions(once), once);
      }),
    );
  });
});
