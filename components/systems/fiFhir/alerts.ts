import { BACKUP_MAX_AGE_SECONDS, CRITICAL_ERROR_RATE, OBJECTIVES } from "./figures";
import { DATABASE, NAMESPACE } from "./names";

export interface Alert {
  name: string;
  expr: string;
  for: string;
  severity: "critical" | "warning";
  summary: string;
  /** Heading of docs/runbooks/fi-fhir.md. */
  runbook: string;
}

const workflowErrors = "sum(rate(workflow_action_errors_total[5m])) / sum(rate(workflow_events_processed_total[5m]))";

/** S4.40 to S4.42; `sum()` on both sides, or the labels of the two counters never match. */
export const WORKFLOW_ALERTS: readonly Alert[] = [
  {
    name: "FiFhirHighErrorRate",
    expr: `${workflowErrors} > ${String(CRITICAL_ERROR_RATE)}`,
    for: "5m",
    severity: "critical",
    summary: "High error rate in fi-fhir workflow",
    runbook: "errors",
  },
  {
    name: "FiFhirDLQBacklog",
    expr: `sum(workflow_dlq_size) > ${String(OBJECTIVES.dlqSize.alertAbove)}`,
    for: "10m",
    severity: "warning",
    summary: "Dead letter queue growing",
    runbook: "dlq-replay",
  },
  {
    name: "FiFhirCircuitBreakerOpen",
    expr: "max(workflow_circuit_breaker_state) == 2",
    for: "1m",
    severity: "critical",
    summary: "Circuit breaker open - external service failing",
    runbook: "circuit-breaker",
  },
];

// The receiving sidecar counts every request, whatever the application's own metrics are called.
const received = `reporter="destination",destination_workload="fi-fhir",destination_workload_namespace="${NAMESPACE}"`;
const requests = `sum(rate(istio_requests_total{${received}}[5m]))`;
const failed = `sum(rate(istio_requests_total{${received},response_code=~"5.."}[5m]))`;
const p99 = `histogram_quantile(0.99, sum by (le) (rate(istio_request_duration_milliseconds_bucket{${received}}[5m])))`;

/** The rules that S4.44 needs and the seed lacks. */
export const OBJECTIVE_ALERTS: readonly Alert[] = [
  {
    name: "FiFhirAvailabilityBelowObjective",
    expr: `1 - (${failed} or vector(0)) / ${requests} < ${String(OBJECTIVES.availability.alertBelow)}`,
    for: "5m",
    severity: "critical",
    summary: "Fewer than 99.5 % of requests to fi-fhir are answered (objective 99.9 %)",
    runbook: "availability",
  },
  {
    name: "FiFhirUnavailable",
    expr: `kube_deployment_status_replicas_available{namespace="${NAMESPACE}",deployment="fi-fhir"} < 1`,
    for: "1m",
    severity: "critical",
    summary: "No pod of fi-fhir is ready",
    runbook: "availability",
  },
  {
    name: "FiFhirLatencyAboveObjective",
    expr: `${p99} > ${String(OBJECTIVES.latencyP99Milliseconds.alertAbove)}`,
    for: "5m",
    severity: "warning",
    summary: "99th percentile of fi-fhir's latency is above 1 s (objective 500 ms)",
    runbook: "latency",
  },
  {
    name: "FiFhirErrorRateAboveObjective",
    expr: `${workflowErrors} > ${String(OBJECTIVES.errorRate.alertAbove)}`,
    for: "15m",
    severity: "warning",
    summary: "More than 1 % of workflow actions fail (objective 0.1 %)",
    runbook: "errors",
  },
  {
    name: "FiFhirMetricsMissing",
    expr: `absent(up{namespace="${NAMESPACE}",service="fi-fhir"} == 1)`,
    for: "5m",
    severity: "critical",
    summary: "Prometheus does not reach fi-fhir: no other alert can fire",
    runbook: "metrics-missing",
  },
];

/** Secrets and certificates that stop being renewed are noticed before they fail. */
export const RENEWAL_ALERTS: readonly Alert[] = [
  {
    name: "FiFhirSecretsNotSynced",
    expr: `externalsecret_status_condition{namespace=~"${NAMESPACE}|${DATABASE.namespace}",condition="Ready",status="False"} == 1`,
    for: "15m",
    severity: "warning",
    summary: "External Secrets can't read Vault for {{ $labels.namespace }}/{{ $labels.name }}",
    runbook: "secrets-not-synced",
  },
  {
    name: "FiFhirCertificateExpires",
    // cert-manager renews 30 days before: at 14 it has failed for two weeks.
    expr: `certmanager_certificate_expiration_timestamp_seconds{name=~"fi-fhir.*"} - time() < 14 * 86400`,
    for: "1h",
    severity: "critical",
    summary: "Certificate {{ $labels.namespace }}/{{ $labels.name }} was not renewed",
    runbook: "certificates",
  },
];

const succeeded = (cronJob: string, namespace: string): string =>
  `max(kube_cronjob_status_last_successful_time{namespace="${namespace}",cronjob="${cronJob}"})`;

/** Only where we run the database. */
export const BACKUP_ALERTS: readonly Alert[] = [
  {
    name: "FiFhirBackupTooOld",
    expr: late(succeeded("fi-fhir-backup", DATABASE.namespace), BACKUP_MAX_AGE_SECONDS),
    for: "15m",
    severity: "critical",
    summary: "No base backup of fi-fhir for 26 hours",
    runbook: "backup",
  },
  {
    name: "FiFhirArchiveNotWorking",
    // Two checks in a row: the RPO of 5 minutes is already in danger.
    expr: late(succeeded("fi-fhir-archive-check", DATABASE.namespace), 600),
    for: "1m",
    severity: "critical",
    summary: "WAL of fi-fhir does not reach the archive: data is being written that could be lost",
    runbook: "archive",
  },
  {
    name: "FiFhirRestoreNotProved",
    expr: late(succeeded("fi-fhir-restore-drill", DATABASE.namespace), 8 * 86400),
    for: "1h",
    severity: "warning",
    summary: "The weekly restore of fi-fhir's backup did not succeed",
    runbook: "restore-drill",
  },
];

/** Too long ago, or never. */
function late(lastSuccess: string, seconds: number): string {
  return `time() - ${lastSuccess} > ${String(seconds)} or absent(${lastSuccess})`;
}
