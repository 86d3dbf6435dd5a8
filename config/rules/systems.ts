import { overlaps, parseCidr } from "../cidr";
import { at, enabledFiFhir, when, type Rule } from "./rule";

/** The address of the FHIR server is written twice: where fi-fhir connects to, and what the network lets through. */
const portsEqual: Rule = {
  needs: ["systems"],
  check: (sections) => {
    const server = enabledFiFhir(sections)?.fhirServer;
    const port = Number(new URL(server?.baseUrl ?? "https://unset").port || 443);
    return when(server !== undefined && server.port !== port, () => ({
      key: at("systems", "fiFhir", "fhirServer", "port"),
      what: `is not the port of its baseUrl (${String(port)}): the NetworkPolicy would block it`,
      value: server?.port,
      allowed: String(port),
      fix: "make the two equal",
    }));
  },
};

/** An ipBlock never matches a pod on Cilium: a rule that looks right would let nothing through. */
const egressOutside: Rule = {
  needs: ["cluster", "systems"],
  check: (sections) => {
    const system = enabledFiFhir(sections);
    const { cluster } = sections;
    if (!system || cluster.provider !== "gke") return [];
    const pods = parseCidr(cluster.ranges.pods);
    const lists: [string[], readonly string[]][] = [
      [["fhirServer"], system.fhirServer.cidrs],
      [["database"], system.database.kind === "external" ? [system.database.cidr] : []],
      [["backup"], system.backup.cidrs],
    ];
    return lists.flatMap(([path, cidrs]) =>
      cidrs.flatMap((text, i) => {
        const cidr = parseCidr(text);
        return when(cidr !== undefined && pods !== undefined && overlaps(cidr, pods), () => ({
          key: at("systems", "fiFhir", ...path, ...(path[0] === "database" ? ["cidr"] : ["cidrs", i])),
          what: `overlaps cluster.ranges.pods (${cluster.ranges.pods}): pods are never matched by address`,
          value: text,
          allowed: "blocks outside the pods' range",
          fix: "name the servers' own block; it must be outside the cluster",
        }));
      }),
    );
  },
};

const googleGroup: Rule = {
  needs: ["cluster", "systems"],
  check: (sections) => {
    const group = enabledFiFhir(sections)?.operatorsGroup;
    return when(
      sections.cluster.provider === "gke" && group !== undefined && !/^[^@]+@[^@]+\.[^@]+$/.test(group),
      () => ({
        key: at("systems", "fiFhir", "operatorsGroup"),
        what: "is no address, but GKE knows groups by the address of a Google group only",
        value: group,
        allowed: "the e-mail address of a Google group",
        fix: "write it like fi-fhir-operators@example.com",
      }),
    );
  },
};

export const SYSTEMS: readonly Rule[] = [portsEqual, egressOutside, googleGroup];
