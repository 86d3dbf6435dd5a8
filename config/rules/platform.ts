import type { Problem } from "../problem";
import type { Sections } from "../schema/index";
import { at, enabledFiFhir, when, type Rule } from "./rule";

const TOKEN = "fhir-landing-zone:vaultToken";

const vaultNeeded: Rule = {
  needs: ["systems", "vault"],
  check: (sections) =>
    when(enabledFiFhir(sections) !== undefined && sections.vault === undefined, () => ({
      key: at("vault"),
      what: "is missing although systems.fiFhir reads its secrets from there",
      allowed: "an object with provider embedded or external",
      fix: "name the Vault, or set systems.fiFhir.enabled to false",
      command: `pulumi config set --path '${at("vault")}.provider' external`,
    })),
};

const vaultReachable: Rule = {
  needs: ["cluster", "vault"],
  check: ({ cluster, vault }) =>
    when(vault?.provider === "embedded" && cluster.provider !== "embedded", () => ({
      key: at("vault", "provider"),
      what: `is a process on this machine, which a cluster of provider ${cluster.provider} can't reach`,
      value: "embedded",
      allowed: "external, unless cluster.provider is embedded",
      fix: "use a Vault that the cluster reaches: provider external with server and caBundle",
    })),
};

const vaultToken: Rule = {
  needs: ["vault"],
  check: ({ vault }, { secretKeys }) =>
    when(secretKeys.includes(TOKEN) && vault?.provider !== "external", () => ({
      key: TOKEN,
      what: "is set, but there is no external Vault that it could be for",
      allowed: "only with vault.provider external",
      fix: "remove it: the embedded Vault is set up without it",
      command: `pulumi config rm ${TOKEN}`,
    })),
};

const chartSources: Rule = {
  needs: ["charts"],
  check: ({ charts }) =>
    Object.entries(charts).flatMap(([name, { path, version, repository, digest }]): Problem[] => {
      const key = at("charts", name);
      if (path === undefined && version === undefined && repository === undefined && digest === undefined) {
        return [
          {
            key,
            what: "says nothing",
            value: {},
            allowed: "at least one of path, version, repository, digest",
            fix: "remove it: the pinned chart is used then",
          },
        ];
      }
      const download = repository ?? version;
      if (path !== undefined && download !== undefined) {
        return [
          {
            key,
            what: "names a folder and a download",
            value: { path, version, repository },
            allowed: "path, or repository and version",
            fix: "remove one of the two",
          },
        ];
      }
      return when(download !== undefined && digest === undefined, () => ({
        key: at("charts", name, "digest"),
        what: "is missing although another archive than the pinned one is asked for",
        allowed: "sha256: and 64 hexadecimal digits in lower case",
        fix: "give the digest of the archive that you reviewed: `sha256sum CHART.tgz`",
      }));
    }),
};

/** An embedded cluster starts empty; what fi-fhir's own objects are instances of must come from somewhere. */
const DEFINITIONS = ["istio", "prometheus-operator", "cert-manager", "external-secrets"] as const;

const definitions: Rule = {
  needs: ["cluster", "systems", "crds"],
  check: (sections) => {
    if (sections.cluster.provider !== "embedded" || !enabledFiFhir(sections)) return [];
    return DEFINITIONS.filter((name) => sections.crds[name] === undefined).map((name) => ({
      key: at("crds", name),
      what: "is missing: an embedded cluster has no custom resource definitions, and systems.fiFhir uses these",
      allowed: "an object with path",
      fix: `set path to .landing-zone/sources/crds/${name}.yaml`,
      command: `pulumi config set --path '${at("crds", name)}.path' .landing-zone/sources/crds/${name}.yaml`,
    }));
  },
};

/** Namespaces of fi-fhir, which are fixed. */
const FI_FHIR = ["fi-fhir", "database"];

/** Every namespace in use, by who it is for. */
function namespaces(sections: Sections): [string, string][] {
  const { mesh, monitoring } = sections;
  const fiFhir = enabledFiFhir(sections);
  return [
    ...(fiFhir ? FI_FHIR.map((name): [string, string] => [at("systems", "fiFhir"), name]) : []),
    [at("mesh", "controlPlaneNamespace"), mesh.controlPlaneNamespace],
    [at("mesh", "gateway", "namespace"), mesh.gateway.namespace],
    [at("monitoring", "namespace"), monitoring.namespace],
  ];
}

const distinctNamespaces: Rule = {
  needs: ["mesh", "monitoring", "systems"],
  check: (sections) => {
    const all = namespaces(sections);
    return all.flatMap(([key, value], i) => {
      const first = all.findIndex(([, other]) => other === value);
      return when(first < i, () => ({
        key,
        what: `is the namespace of ${all[first]?.[0] ?? "another part"}, too`,
        value,
        allowed: "a namespace of its own: default-deny, quota and rights are set by namespace",
        fix: "choose another name for one of the two",
      }));
    });
  },
};

export const PLATFORM: readonly Rule[] = [
  vaultNeeded,
  vaultReachable,
  vaultToken,
  chartSources,
  definitions,
  distinctNamespaces,
];
