import { stringify } from "yaml";

/**
 * A kubeconfig without credentials: `gke-gcloud-auth-plugin` asks for a token of whoever runs it, so nothing in it can
 * leak and nothing in it outlives a person's access.
 */
export function gkeKubeconfig(cluster: { name: string; endpoint: string; certificateAuthority: string }): string {
  const { name } = cluster;
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [
      {
        name,
        cluster: { server: `https://${cluster.endpoint}`, "certificate-authority-data": cluster.certificateAuthority },
      },
    ],
    users: [
      {
        name,
        user: {
          exec: {
            apiVersion: "client.authentication.k8s.io/v1",
            command: "gke-gcloud-auth-plugin",
            interactiveMode: "Never",
            provideClusterInfo: true,
            installHint:
              "Install gke-gcloud-auth-plugin: https://cloud.google.com/kubernetes-engine/docs/how-to/cluster-access-for-kubectl",
          },
        },
      },
    ],
    contexts: [{ name, context: { cluster: name, user: name } }],
    "current-context": name,
  });
}
