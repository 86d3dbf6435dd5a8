import { z } from "zod";
import { cluster, gcp } from "./cluster";
import { charts, crds, mesh, monitoring, vault } from "./platform";
import { policy } from "./policy";
import { images, systems } from "./systems";

export const PROJECT = "fhir-landing-zone";

/** Every key of a stack's configuration that is no secret, by its full name, with the schema of its value. */
export const SECTIONS = {
  kind: z
    .enum(["local", "dev", "prod"])
    .meta({ description: "What the stack is for: how strict the cross-field rules are." }),
  cluster,
  mesh: mesh.prefault({}),
  vault: vault.optional(),
  charts: charts.prefault({}),
  crds: crds.prefault({}),
  monitoring: monitoring.prefault({}),
  images: images.prefault({}),
  systems: systems.prefault({}),
  gcpProject: gcp.project.optional(),
  gcpRegion: gcp.region.optional(),
  stackKind: policy.stackKind,
  exemptions: policy.exemptions,
  podSecurityVersion: policy.podSecurityVersion,
  registries: policy.registries,
  podTemplatePaths: policy.podTemplatePaths,
} as const;

export type Section = keyof typeof SECTIONS;
export type Sections = { -readonly [S in Section]: z.output<(typeof SECTIONS)[S]> };

/** Full configuration key of a section, as `pulumi config set` takes it. */
export function keyOf(section: Section): string {
  if (section === "gcpProject") return "gcp:project";
  if (section === "gcpRegion") return "gcp:region";
  return `${section in policy ? "policy" : PROJECT}:${section}`;
}

export const SECTION_NAMES = Object.keys(SECTIONS) as Section[];

/** Keys whose values are secret. They have keys of their own, because Pulumi marks a whole key as secret. */
export const SECRET_KEYS = {
  [`${PROJECT}:kubeconfig`]: "Kubeconfig of the existing cluster.",
  [`${PROJECT}:vaultToken`]: "Token that may set up roles and policies in the external Vault.",
} as const;
