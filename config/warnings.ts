import type { Sections } from "./schema/index";

/** Looks like something from our examples that was not replaced. */
const PLACEHOLDER = /(^|\.)example\.(com|org|net)\b|replace-me|sha256:0{64}|^1{12}$/;

/** What is valid but should be looked at before anybody relies on it. */
export function warningsOf(sections: Sections): string[] {
  const found: string[] = [];
  if (sections.kind === "local") return found; // nothing outside of this machine is ever reached
  visit(sections.gcpProject, "gcp:project", found);
  visit(sections.images, "fhir-landing-zone:images", found);
  visit(sections.systems, "fhir-landing-zone:systems", found);
  visit(sections.vault, "fhir-landing-zone:vault", found);
  visit(sections.cluster, "fhir-landing-zone:cluster", found);
  return found;
}

function visit(value: unknown, key: string, found: string[]): void {
  if (typeof value === "string" && PLACEHOLDER.test(value)) {
    found.push(`${key} is still a placeholder (${value.slice(0, 60)}): replace it before this stack is used`);
  } else if (typeof value === "object" && value !== null) {
    for (const [name, inner] of Object.entries(value)) visit(inner, `${key}.${name}`, found);
  }
}
