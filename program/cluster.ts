import * as pulumi from "@pulumi/pulumi";
import { EmbeddedCluster } from "../components/cluster/embedded";
import { ExistingCluster } from "../components/cluster/existing";
import { GkeCluster } from "../components/cluster/gke";
import type { Cluster } from "../components/contracts";
import type { StackConfig } from "../config";

/** The cluster that the configuration names, behind the one contract. */
export function createCluster({ config, secrets }: StackConfig): Cluster {
  const { cluster } = config;
  switch (cluster.provider) {
    case "embedded":
      return new EmbeddedCluster(cluster.name, {
        kubernetesVersion: cluster.kubernetesVersion,
        nodes: cluster.nodes,
        phiNamespaces: phiNamespaces(config),
      });
    case "gke":
      return new GkeCluster(cluster.name, {
        ...cluster,
        project: required("gcp:project", config.gcp.project),
        region: cluster.location,
      });
    case "existing":
      return new ExistingCluster("existing", {
        kubeconfig:
          secrets.kubeconfig ?? kubeconfigOf(required("fhir-landing-zone:kubeconfig", cluster.stackReference)),
        kubernetesVersion: cluster.kubernetesVersion,
        ...(cluster.context ? { context: cluster.context } : {}),
      });
  }
}

function kubeconfigOf(stack: string): pulumi.Output<string> {
  return pulumi.secret(new pulumi.StackReference(stack).requireOutput("kubeconfig")) as pulumi.Output<string>;
}

/** Namespaces whose writes the audit log keeps whole (S4.36). */
function phiNamespaces({ systems }: StackConfig["config"]): string[] {
  return systems.fiFhir?.enabled ? ["fi-fhir", "database"] : [];
}

/** The configuration's own rules have refused a stack without it before; this is for the compiler, and for certainty. */
export function required<T>(key: string, value: T | undefined): T {
  if (value === undefined) throw new Error(`${key} is not set`);
  return value;
}
