import type { PlainObject } from "../charts";
import { CONTROLLER } from "./externalSecretsRbac";

/**
 * Values of the chart `external-secrets` (chart 0.20.3, values.yaml): the controller with namespaced stores only. What lets
 * one namespace reach into another is off, as External Secrets' own security guide asks for.
 */
export function externalSecretsValues(image: string): PlainObject {
  const [repository, tag] = splitImage(image);
  return {
    image: { repository, tag },
    replicaCount: 2,
    leaderElect: true,
    processClusterStore: false,
    processClusterExternalSecret: false,
    processClusterPushSecret: false,
    processClusterGenerator: false,
    processPushSecret: false,
    crds: {
      createClusterExternalSecret: false,
      createClusterSecretStore: false,
      createClusterGenerator: false,
      createClusterPushSecret: false,
      createPushSecret: false,
    },
    rbac: { aggregateToView: false, aggregateToEdit: false },
    // The stores of this project are checked at preview by the policy pack; a webhook would be a second way in.
    webhook: { create: false },
    certController: { create: false },
    resources: {
      requests: { cpu: "50m", memory: "128Mi", "ephemeral-storage": "32Mi" },
      limits: { cpu: "250m", memory: "256Mi", "ephemeral-storage": "64Mi" },
    },
    podDisruptionBudget: { enabled: true, minAvailable: 1 },
    livenessProbe: { enabled: true },
    // The token is mounted where the controller uses it and nowhere else, for an hour at a time, and renewed.
    serviceAccount: { create: false, name: CONTROLLER, automount: false },
    extraVolumes: [apiTokenVolume()],
    extraVolumeMounts: [
      { name: API_TOKEN, mountPath: "/var/run/secrets/kubernetes.io/serviceaccount", readOnly: true },
    ],
    // The image's own user; Pod Security needs the number to be known.
    podSecurityContext: { enabled: true, runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
    securityContext: { runAsUser: 65532, runAsGroup: 65532 },
  };
}

const API_TOKEN = "kube-api-access";

/** What a pod needs to call the API server: its token, the server's authority, its namespace. */
function apiTokenVolume(): PlainObject {
  return {
    name: API_TOKEN,
    projected: {
      defaultMode: 0o440,
      sources: [
        { serviceAccountToken: { path: "token", expirationSeconds: 3600 } },
        { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
        { downwardAPI: { items: [{ path: "namespace", fieldRef: { fieldPath: "metadata.namespace" } }] } },
      ],
    },
  };
}

/** `registry:5000/name:tag@sha256:…` as the chart wants it: the digest stays with the tag. */
function splitImage(image: string): [repository: string, tag: string] {
  const name = image.lastIndexOf("/") + 1;
  const colon = image.indexOf(":", name);
  if (colon < 0) throw new Error(`image "${image}" has no tag`);
  return [image.slice(0, colon), image.slice(colon + 1)];
}
