import type { FiFhirArgs } from "./args";
import { BACKUP_ALERTS, OBJECTIVE_ALERTS, RENEWAL_ALERTS, WORKFLOW_ALERTS, type Alert } from "./alerts";
import { NAMESPACE, SERVER_LABELS, SYSTEM } from "./names";

const RUNBOOK = "docs/runbooks/fi-fhir.md";

function metadata(name: string, { monitoring = {} }: FiFhirArgs) {
  return { name, namespace: NAMESPACE, labels: { "app.kubernetes.io/name": SYSTEM, ...monitoring.objectLabels } };
}

/**
 * Scrape of 9090, S4.45. STRICT mutual TLS holds for Prometheus too: it shows the certificate of its mesh identity. The
 * server's name is not checked because mesh certificates carry a SPIFFE id and no host name; the authority is.
 */
export function serviceMonitor(args: FiFhirArgs) {
  const directory = args.monitoring?.meshCertificates ?? "/etc/prom-certs";
  return {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "ServiceMonitor",
    metadata: metadata(SYSTEM, args),
    spec: {
      selector: { matchLabels: { ...SERVER_LABELS } },
      endpoints: [
        {
          port: "http-metrics",
          path: "/metrics",
          interval: "15s",
          scrapeTimeout: "10s",
          scheme: "https",
          tlsConfig: {
            caFile: `${directory}/root-cert.pem`,
            certFile: `${directory}/cert-chain.pem`,
            keyFile: `${directory}/key.pem`,
            insecureSkipVerify: true,
          },
        },
      ],
    },
  };
}

/** Scrape of the sidecars, where the availability and latency of S4.44 are measured. */
export function proxyMonitor(args: FiFhirArgs) {
  return {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "PodMonitor",
    metadata: metadata("fi-fhir-proxy", args),
    spec: {
      selector: { matchLabels: { ...SERVER_LABELS } },
      podMetricsEndpoints: [{ port: "http-envoy-prom", path: "/stats/prometheus", interval: "15s" }],
    },
  };
}

/** PrometheusRule `fi-fhir-critical`, S4.40 to S4.45. */
export function prometheusRule(args: FiFhirArgs) {
  const groups: Record<string, readonly Alert[]> = {
    "fi-fhir-critical": WORKFLOW_ALERTS,
    "fi-fhir-objectives": OBJECTIVE_ALERTS,
    "fi-fhir-renewal": RENEWAL_ALERTS,
    ...(args.database.kind === "in-cluster" ? { "fi-fhir-backup": BACKUP_ALERTS } : {}),
  };
  return {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "PrometheusRule",
    metadata: metadata("fi-fhir-critical", args),
    spec: { groups: Object.entries(groups).map(([name, alerts]) => ({ name, rules: alerts.map(rule) })) },
  };
}

function rule({ name, expr, for: duration, severity, summary, runbook }: Alert) {
  return {
    alert: name,
    expr,
    for: duration,
    labels: { severity, system: SYSTEM },
    annotations: { summary, runbook: `${RUNBOOK}#${runbook}` },
  };
}
