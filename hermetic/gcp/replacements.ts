/** What Google Cloud can't change in place, for the types that this project uses. */
interface ResourceRules {
  replaceOn: string[];
  /** Google Cloud wants a name, and Pulumi makes one from the resource's when the program gives none. */
  autoName?: boolean;
}

/** For every other type: what is immutable nearly everywhere. */
const COMMON: ResourceRules = { replaceOn: ["name", "location", "region", "zone", "project"] };

const RULES: Readonly<Record<string, ResourceRules>> = {
  "gcp:container/cluster:Cluster": {
    autoName: true,
    replaceOn: [
      "clusterIpv4Cidr",
      "confidentialNodes",
      "datapathProvider",
      "defaultMaxPodsPerNode",
      "enableAutopilot",
      "enableKubernetesAlpha",
      "initialNodeCount",
      "ipAllocationPolicy",
      "location",
      "name",
      "network",
      "networkingMode",
      "project",
      "subnetwork",
    ],
  },
  "gcp:container/nodePool:NodePool": {
    autoName: true,
    replaceOn: [
      "cluster",
      "initialNodeCount",
      "location",
      "maxPodsPerNode",
      "name",
      "namePrefix",
      "placementPolicy",
      "project",
    ],
  },
  "gcp:compute/network:Network": {
    autoName: true,
    replaceOn: ["autoCreateSubnetworks", "description", "enableUlaInternalIpv6", "name", "project"],
  },
  "gcp:compute/subnetwork:Subnetwork": {
    autoName: true,
    replaceOn: ["description", "name", "network", "project", "purpose", "region"],
  },
  "gcp:compute/router:Router": { autoName: true, replaceOn: ["name", "network", "project", "region"] },
  "gcp:compute/routerNat:RouterNat": { autoName: true, replaceOn: ["name", "project", "region", "router"] },
  "gcp:compute/firewall:Firewall": { autoName: true, replaceOn: ["direction", "name", "network", "project"] },
  "gcp:serviceaccount/account:Account": { replaceOn: ["accountId", "project"] },
  "gcp:kms/keyRing:KeyRing": { autoName: true, replaceOn: ["location", "name", "project"] },
  "gcp:kms/cryptoKey:CryptoKey": {
    autoName: true,
    replaceOn: ["destroyScheduledDuration", "importOnly", "keyRing", "name", "purpose"],
  },
};

export function rulesFor(type: string): ResourceRules {
  return RULES[type] ?? COMMON;
}
