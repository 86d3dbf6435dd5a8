import type { Severity } from "@pulumi/policy";
import type { StackKind } from "../lib/settings";

export type Level = "advisory" | "mandatory";

export type Framework =
  | "Pod Security Standards"
  | "CIS Kubernetes Benchmark"
  | "CIS GKE Benchmark"
  | "NIST SP 800-53"
  | "HIPAA Security Rule";

export interface Reference {
  framework: Framework;
  /** Clause, control or recommendation in that framework. */
  id: string;
  /** True where no published source draws this line and the project does. */
  ours?: boolean;
}

/** One entry of the catalogue: all that is said about a control anywhere comes from here. */
export interface Control {
  id: string;
  title: string;
  what: string;
  why: string;
  severity: Severity;
  enforcement: Record<StackKind, Level>;
  /** The level of the Pod Security Standards that contains it, for those that come from there. */
  podSecurity?: "baseline" | "restricted";
  references: readonly Reference[];
  /** A configuration that passes. */
  good: string;
  remediation: readonly string[];
  /** What other tools check here and where they fall short, from their sources. */
  peers: string;
  /** Fields that may be unknown at preview, each with the reason why that is safe. Everything else fails closed. */
  allowUnknown?: readonly { field: string; reason: string }[];
  /** False for controls about the exemptions themselves. */
  exemptable?: false;
}

export const MANDATORY: Control["enforcement"] = { dev: "mandatory", prod: "mandatory" };
export const ADVISORY: Control["enforcement"] = { dev: "advisory", prod: "advisory" };
export const STRICT_IN_PROD: Control["enforcement"] = { dev: "advisory", prod: "mandatory" };

export const pss = (id: string): Reference => ({ framework: "Pod Security Standards", id });
export const cis = (...ids: string[]): Reference[] => ids.map((id) => ({ framework: "CIS Kubernetes Benchmark", id }));
export const gke = (...ids: string[]): Reference[] => ids.map((id) => ({ framework: "CIS GKE Benchmark", id }));
export const nist = (...ids: string[]): Reference[] => ids.map((id) => ({ framework: "NIST SP 800-53", id }));
export const ourNist = (...ids: string[]): Reference[] =>
  nist(...ids).map((reference) => ({ ...reference, ours: true }));
/** No published source maps workload checks to HIPAA: these are always ours. */
export const hipaa = (...ids: string[]): Reference[] =>
  ids.map((id) => ({ framework: "HIPAA Security Rule", id, ours: true }));

export const FRAMEWORKS: Record<Framework, { version: string; specification: string; tag: string }> = {
  "Pod Security Standards": {
    version: "v1.36",
    specification: "https://kubernetes.io/docs/concepts/security/pod-security-standards/",
    tag: "pss",
  },
  "CIS Kubernetes Benchmark": {
    version: "1.12",
    specification: "https://www.cisecurity.org/benchmark/kubernetes",
    tag: "cis-kubernetes",
  },
  "CIS GKE Benchmark": {
    version: "1.9",
    specification: "https://www.cisecurity.org/benchmark/google_cloud_computing_platform",
    tag: "cis-gke",
  },
  "NIST SP 800-53": {
    version: "Rev. 5",
    specification: "https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final",
    tag: "nist-800-53",
  },
  "HIPAA Security Rule": {
    version: "45 CFR 164 Subpart C",
    specification: "https://www.ecfr.gov/current/title-45/subtitle-A/subchapter-C/part-164/subpart-C",
    tag: "hipaa",
  },
};
