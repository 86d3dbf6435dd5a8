import { parse } from "yaml";
import { z } from "zod";
import { fetchText, type TlsFiles } from "./waiting";

/** A ServiceAccount of the cluster. */
export interface ServiceAccountName {
  namespace: string;
  serviceAccount: string;
}

export interface ServiceAccountToken {
  token: string;
  /** Milliseconds since 1970: from then on it is time for a new one. */
  renewAt: number;
}

/** How a cluster is reached, out of its kubeconfig. */
export interface ClusterAccess {
  server: string;
  /** PEM */
  certificateAuthority: string;
  tls: TlsFiles;
  headers: Record<string, string>;
}

const LIFETIME_SECONDS = 90 * 24 * 3600;

const kubeconfigSchema = z.object({
  "current-context": z.string(),
  contexts: z.array(z.object({ name: z.string(), context: z.object({ cluster: z.string(), user: z.string() }) })),
  clusters: z.array(
    z.object({
      name: z.string(),
      cluster: z.object({ server: z.string(), "certificate-authority-data": z.string() }),
    }),
  ),
  users: z.array(
    z.object({
      name: z.string(),
      user: z.object({
        token: z.string().optional(),
        "client-certificate-data": z.string().optional(),
        "client-key-data": z.string().optional(),
      }),
    }),
  ),
});

/** Reads server and identity of the current context. Errors don't quote the kubeconfig: a key is in it. */
export function clusterAccess(kubeconfig: string): ClusterAccess {
  const config = kubeconfigSchema.safeParse(parse(kubeconfig)).data;
  const context = config?.contexts.find(({ name }) => name === config["current-context"])?.context;
  const cluster = config?.clusters.find(({ name }) => name === context?.cluster)?.cluster;
  const user = config?.users.find(({ name }) => name === context?.user)?.user;
  if (!cluster || !user) {
    throw new Error(
      "kubeconfig must have a current context with certificate-authority-data and a user with a token or a client " +
        "certificate (as data, not as files or an exec plugin). Give the kubeconfig output of the cluster component.",
    );
  }
  const text = (base64: string | undefined): string | undefined =>
    base64 === undefined ? undefined : Buffer.from(base64, "base64").toString();
  const certificateAuthority = text(cluster["certificate-authority-data"]) ?? "";
  return {
    server: cluster.server,
    certificateAuthority,
    tls: { ca: certificateAuthority, cert: text(user["client-certificate-data"]), key: text(user["client-key-data"]) },
    headers: user.token === undefined ? {} : { authorization: `Bearer ${user.token}` },
  };
}

/**
 * A token of the ServiceAccount for use outside of the cluster. It expires by itself, ends when the ServiceAccount is
 * deleted, and is in no Secret that somebody could list; it is renewed by the next update in its last third.
 */
export async function requestToken(
  access: ClusterAccess,
  { namespace, serviceAccount }: ServiceAccountName,
): Promise<ServiceAccountToken> {
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${serviceAccount}/token`;
  const spec = { expirationSeconds: LIFETIME_SECONDS };
  const { status, body } = await fetchText(`${access.server}${path}`, {
    tls: access.tls,
    method: "POST",
    headers: { ...access.headers, "content-type": "application/json" },
    body: JSON.stringify({ apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec }),
  });
  if (status !== 201) {
    const { message = "" } = (status >= 400 ? JSON.parse(body) : {}) as { message?: string };
    throw new Error(
      `The API server ${access.server} gave no token of ServiceAccount ${namespace}/${serviceAccount} (${status}): ${message}`,
    );
  }
  const answer = JSON.parse(body) as { status: { token: string; expirationTimestamp: string } };
  const lifetime = Date.parse(answer.status.expirationTimestamp) - Date.now();
  return { token: answer.status.token, renewAt: Date.now() + (lifetime * 2) / 3 };
}
