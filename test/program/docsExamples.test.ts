import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import type * as kubernetes from "@pulumi/kubernetes";
import { graphOf, kubernetesObjects } from "../support/graph";
import { hardenedWorkload } from "./examples/hardened-workload";
import { meshPolicies } from "./examples/mesh-policies";
import { networkPolicies } from "./examples/network-policies";
import { securedNamespace } from "./examples/secured-namespace";

const EXAMPLES: [page: string, program: (provider: kubernetes.Provider) => unknown, makes: string[]][] = [
  [
    "secured-namespace",
    securedNamespace,
    [
      "LimitRange/clinic-limits",
      "Namespace/clinic",
      "NetworkPolicy/clinic-default-deny",
      "ResourceQuota/clinic-quota",
      "ServiceAccount/default",
    ],
  ],
  [
    "hardened-workload",
    hardenedWorkload,
    ["Deployment/appointments", "PodDisruptionBudget/appointments", "ServiceAccount/appointments"],
  ],
  ["network-policies", networkPolicies, ["NetworkPolicy/appointments"]],
  [
    "mesh-policies",
    meshPolicies,
    [
      "AuthorizationPolicy/appointments-authz",
      "AuthorizationPolicy/appointments-deny-all",
      "PeerAuthentication/appointments-mtls",
    ],
  ],
];

const read = (...parts: string[]): string => readFileSync(path.resolve(__dirname, "../..", ...parts), "utf8");

describe("examples of the component pages", () => {
  for (const [page, program, makes] of EXAMPLES) {
    it(`${page}: the page shows the program that runs here, and it makes what the page says`, async () => {
      const source = read("test/program/examples", `${page}.ts`)
        .replaceAll(/^import .*\n/gm, "")
        .trim();
      assert.ok(
        read("docs/components", `${page}.md`).includes(`\`\`\`ts\n${source}\n\`\`\``),
        `copy ${page}.ts into the page`,
      );
      const objects = kubernetesObjects(await graphOf((provider) => void program(provider)));
      assert.deepEqual(objects.map(({ kind, metadata }) => `${kind}/${metadata.name}`).sort(), makes);
    });
  }

  it("fi-fhir: the page shows the arguments that the program tests use", () => {
    const source = read("test/program/examples/fi-fhir.ts");
    const own = source.slice(source.indexOf("export const FI_FHIR:"), source.indexOf("/** The same with a database"));
    assert.ok(read("docs/components/fi-fhir.md").includes(own.trim()), "copy FI_FHIR into the page");
  });
});
