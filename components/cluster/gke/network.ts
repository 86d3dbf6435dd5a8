import * as gcp from "@pulumi/gcp";
import type * as pulumi from "@pulumi/pulumi";

export interface NetworkRanges {
  /** Primary range of the nodes. */
  nodes: string;
  /** Secondary range of the pods. */
  pods: string;
  /** Secondary range of the Services. */
  services: string;
}

export const POD_RANGE = "pods";
export const SERVICE_RANGE = "services";

/** A network of its own: the default one comes with firewall rules that let anybody in. */
export function networkArgs(name: string): gcp.compute.NetworkArgs {
  return { name, autoCreateSubnetworks: false, routingMode: "REGIONAL" };
}

export function subnetworkArgs(
  name: string,
  region: string,
  network: pulumi.Input<string>,
  ranges: NetworkRanges,
): gcp.compute.SubnetworkArgs {
  return {
    name,
    region,
    network,
    ipCidrRange: ranges.nodes,
    // Nodes have no public address, so Google's APIs must be reachable without one.
    privateIpGoogleAccess: true,
    secondaryIpRanges: [
      { rangeName: POD_RANGE, ipCidrRange: ranges.pods },
      { rangeName: SERVICE_RANGE, ipCidrRange: ranges.services },
    ],
    // Who talked to whom must be known after an incident (45 CFR 164.312(b)).
    logConfig: { aggregationInterval: "INTERVAL_5_SEC", flowSampling: 1, metadata: "INCLUDE_ALL_METADATA" },
  };
}

/** The way out for nodes without public addresses. */
export function natArgs(name: string, region: string, router: pulumi.Input<string>): gcp.compute.RouterNatArgs {
  return {
    name,
    region,
    router,
    natIpAllocateOption: "AUTO_ONLY",
    sourceSubnetworkIpRangesToNat: "ALL_SUBNETWORKS_ALL_IP_RANGES",
    logConfig: { enable: true, filter: "ALL" },
  };
}
