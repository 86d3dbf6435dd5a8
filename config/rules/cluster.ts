import { overlaps, parseCidr } from "../cidr";
import type { Problem } from "../problem";
import type { Sections } from "../schema/index";
import { at, when, type Rule } from "./rule";

type Gke = Extract<Sections["cluster"], { provider: "gke" }>;
const KUBECONFIG = "fhir-landing-zone:kubeconfig";
const setSecret = `pulumi config set --secret ${KUBECONFIG} < FILE`;

const gke = (check: (cluster: Gke, sections: Sections) => Problem[], needs: Rule["needs"] = []): Rule => ({
  needs: ["cluster", ...needs],
  check: (sections) => (sections.cluster.provider === "gke" ? check(sections.cluster, sections) : []),
});

const rangesApart = gke(({ ranges }) => {
  const named = Object.entries(ranges);
  return named.flatMap(([name, range], i) =>
    named.slice(i + 1).flatMap(([otherName, other]) => {
      const [one, two] = [parseCidr(range), parseCidr(other)];
      return when(one !== undefined && two !== undefined && overlaps(one, two), () => ({
        key: at("cluster", "ranges", otherName),
        what: `overlaps cluster.ranges.${name} (${range})`,
        value: other,
        allowed: "ranges of nodes, pods, services and control plane without a common address",
        fix: "move one of the two",
      }));
    }),
  );
});

/** GKE gives every node a /24 of the pods' range; a regional pool has nodes in three zones. */
const roomForNodes = gke(({ ranges, nodePool: { minPerZone, maxPerZone } }) => {
  const room = 2 ** (24 - (parseCidr(ranges.pods)?.prefix ?? 24));
  if (minPerZone > maxPerZone) {
    return [
      {
        key: at("cluster", "nodePool", "minPerZone"),
        what: `is larger than cluster.nodePool.maxPerZone (${String(maxPerZone)})`,
        value: minPerZone,
        allowed: `0 to ${String(maxPerZone)}`,
        fix: "raise maxPerZone or lower minPerZone",
      },
    ];
  }
  return when(maxPerZone * 3 > room, () => ({
    key: at("cluster", "ranges", "pods"),
    what: `has room for ${String(room)} nodes, but cluster.nodePool.maxPerZone allows ${String(maxPerZone * 3)} in three zones`,
    value: ranges.pods,
    allowed: `a /24 for each node: prefix /${String(24 - Math.ceil(Math.log2(maxPerZone * 3)))} or wider`,
    fix: "widen the range now (it can't be changed later) or lower maxPerZone",
  }));
});

const project = gke(
  (_, { gcpProject }) =>
    when(gcpProject === undefined, () => ({
      key: at("gcpProject"),
      what: "is missing although cluster.provider is gke",
      allowed: "a Google Cloud project ID",
      fix: "set the project that the cluster is created in",
    })),
  ["gcpProject"],
);

const region = gke(
  ({ location }, { gcpRegion }) =>
    when(gcpRegion !== undefined && gcpRegion !== location, () => ({
      key: at("gcpRegion"),
      what: `is another region than cluster.location (${location})`,
      value: gcpRegion,
      allowed: location,
      fix: "make the two equal, or leave gcp:region out",
    })),
  ["gcpRegion"],
);

const oneCilium = gke(
  ({ dataplane }, { charts }) =>
    when(dataplane === "v2" && charts.cilium !== undefined, () => ({
      key: at("charts", "cilium"),
      what: "is set although cluster.dataplane is v2, where Google runs Cilium: two would fight for the same interfaces",
      allowed: "the chart only with cluster.dataplane: cilium",
      fix: "remove it, or set cluster.dataplane to cilium (which makes a new cluster)",
    })),
  ["charts"],
);

const distinctNetworks = gke(({ authorizedNetworks }) =>
  authorizedNetworks.flatMap(({ name }, i) =>
    when(authorizedNetworks.findIndex((other) => other.name === name) < i, () => ({
      key: at("cluster", "authorizedNetworks", i, "name"),
      what: "is there twice",
      value: name,
      allowed: "a name of its own for each network",
      fix: "rename one, so that the audit log tells them apart",
    })),
  ),
);

const kubeconfig: Rule = {
  needs: ["cluster"],
  check: ({ cluster }, { secretKeys }) => {
    const given = secretKeys.includes(KUBECONFIG);
    const reference = cluster.provider === "existing" ? cluster.stackReference : undefined;
    const base = {
      key: KUBECONFIG,
      allowed:
        "the secret kubeconfig or cluster.stackReference, one of the two, and only where cluster.provider is existing",
    };
    if (cluster.provider !== "existing") {
      return when(given, () => ({
        ...base,
        what: `is set, but cluster.provider ${cluster.provider} makes its own`,
        fix: "remove it, or set cluster.provider to existing",
        command: `pulumi config rm ${KUBECONFIG}`,
      }));
    }
    if (given && reference !== undefined) {
      return [
        {
          ...base,
          what: "and cluster.stackReference are both set",
          fix: "remove one",
          command: `pulumi config rm ${KUBECONFIG}`,
        },
      ];
    }
    return when(!given && reference === undefined, () => ({
      ...base,
      what: "is missing: nothing says how the existing cluster is reached",
      fix: "set it as a secret, or name the stack that has it as an output",
      command: setSecret,
    }));
  },
};

export const CLUSTER: readonly Rule[] = [
  rangesApart,
  roomForNodes,
  project,
  region,
  oneCilium,
  distinctNetworks,
  kubeconfig,
];
