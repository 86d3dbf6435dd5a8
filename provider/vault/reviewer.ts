import { createHash } from "node:crypto";
import { readJsonIfAny, writePrivateJson } from "../files";
import { clusterAccess, requestToken, type ServiceAccountName } from "../serviceAccountToken";
import type { VaultClient } from "./client";
import type { ReviewerFile, VaultLayout } from "./layout";

/** The cluster whose ServiceAccounts log in. */
export interface ReviewedCluster {
  kubeconfig: string;
  reviewer: ServiceAccountName;
  authMount: string;
}

/**
 * Tells Vault which API server to ask about tokens that it is shown, and as whom. It asks as an identity of its own: if
 * it used the token that it was shown instead, every system would need the right to review tokens.
 */
export async function ensureReviewer(
  admin: VaultClient,
  layout: VaultLayout,
  { kubeconfig, reviewer, authMount }: ReviewedCluster,
): Promise<void> {
  const access = clusterAccess(kubeconfig);
  const cluster = createHash("sha256")
    .update(JSON.stringify([access.server, access.certificateAuthority, reviewer, authMount]))
    .digest("hex");
  const known = readJsonIfAny<ReviewerFile>(layout.reviewer);
  if (known?.cluster === cluster && Date.now() < known.renewAt) return;
  const { token, renewAt } = await requestToken(access, reviewer);
  await admin.write(`auth/${authMount}/config`, {
    kubernetes_host: access.server,
    kubernetes_ca_cert: access.certificateAuthority,
    token_reviewer_jwt: token,
    // Vault is no pod: what it would find of a pod's own token and authority is not this cluster's.
    disable_local_ca_jwt: true,
  });
  writePrivateJson(layout.reviewer, { renewAt, cluster } satisfies ReviewerFile);
}
