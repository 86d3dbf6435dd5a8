/** The figures of S4.44 and S4.52: alerts, schedules, documentation and tests read them from here. */

export interface RecoveryObjective {
  /** Recovery time objective, seconds. */
  recoverySeconds: number;
  /** Recovery point objective, seconds: how much data may be lost. */
  lossSeconds: number;
  /** What in the system makes it so. */
  by: string;
}

/** S4.52. */
export const RECOVERY: Readonly<Record<"pod" | "node" | "database" | "cluster", RecoveryObjective>> = {
  pod: { recoverySeconds: 30, lossSeconds: 0, by: "two replicas, readiness every 5 s, no state in the pod" },
  node: {
    recoverySeconds: 300,
    lossSeconds: 0,
    by: "replicas on different nodes; pods of a lost node are replaced after 30 s instead of 300 s",
  },
  database: {
    recoverySeconds: 900,
    lossSeconds: 300,
    by: "WAL archived at least every 60 s, checked every 5 min; delta restore onto the volume that is there",
  },
  cluster: {
    recoverySeconds: 3600,
    lossSeconds: 900,
    by: "pulumi up into a new cluster, restore from the bucket, secrets from Vault",
  },
};

/** Longest time that a row can be in the database but not in the archive, seconds: `archive_timeout`. */
export const ARCHIVE_TIMEOUT_SECONDS = 60;

/** How often it is proved that a WAL segment reaches the archive. Together with the timeout: inside the database's RPO. */
export const ARCHIVE_CHECK_SECONDS = 240;

/** S4.44: objective, and the limit that alerts. */
export const OBJECTIVES = {
  availability: { objective: 0.999, alertBelow: 0.995 },
  latencyP99Milliseconds: { objective: 500, alertAbove: 1000 },
  errorRate: { objective: 0.001, alertAbove: 0.01 },
  dlqSize: { objective: 0, alertAbove: 100 },
} as const;

/** S4.40: the error rate that wakes somebody up. */
export const CRITICAL_ERROR_RATE = 0.05;

/** Backups run daily; one that is older than this has been missed. */
export const BACKUP_MAX_AGE_SECONDS = 26 * 3600;

/** S4.55. */
export const PERIODIC = {
  rotateSecretsDays: 90,
  rotateCertificatesDays: 90,
  reviewAuditLogDays: 30,
  reviewScanResultsDays: 7,
  reviewDashboardsDays: 1,
} as const;
