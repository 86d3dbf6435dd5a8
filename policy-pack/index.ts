import { PolicyPack } from "@pulumi/policy";
import { shareInputs } from "./lib/shareInputs";
import { createPolicies } from "./policies";

shareInputs();

new PolicyPack("fhir-landing-zone", {
  displayName: "FHIR landing zone",
  description: "Kubernetes workloads that may hold patient data: nothing insecure gets past a preview.",
  enforcementLevel: "mandatory",
  tags: ["kubernetes", "pod-security-standards", "hipaa"],
  policies: createPolicies(),
});
