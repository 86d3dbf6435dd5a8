import type { Caller, Permission } from "../../mesh";
import { dns, meshBasics, type Allow, type PolicySpec } from "../../network";
import type { FiFhirArgs, Outlet } from "./args";
import {
  DATABASE,
  DLQ_REPLAY,
  HTTP_PORT,
  MAINTENANCE,
  METRICS_PORT,
  NAMESPACE,
  PROXY_METRICS_PORT,
  PUBLIC_PATHS,
  SERVER_LABELS,
} from "./names";

type Labels = Readonly<Record<string, string>>;

/** Who brings requests in: the gateway of the mesh, or ingress-nginx, which must be meshed too (S4.23). */
export function entrance({ ingress, mesh }: FiFhirArgs): Caller & { labels: Labels } {
  return ingress === "nginx"
    ? {
        namespace: "ingress-nginx",
        serviceAccount: "ingress-nginx",
        labels: { "app.kubernetes.io/name": "ingress-nginx" },
      }
    : mesh.gateway;
}

/** Who scrapes. */
export function scraper({ monitoring = {} }: FiFhirArgs): Caller & { labels: Labels } {
  return {
    namespace: monitoring.namespace ?? "monitoring",
    serviceAccount: monitoring.serviceAccount ?? "prometheus",
    labels: monitoring.podLabels ?? { "app.kubernetes.io/name": "prometheus" },
  };
}

/** Rows 1 to 3 of the access matrix; S4.23, with the metrics rule that contradicted S4.20. */
export function permissions(args: FiFhirArgs): Permission[] {
  return [
    { callers: [entrance(args)], ports: [HTTP_PORT], methods: ["GET", "POST"], paths: [...PUBLIC_PATHS] },
    { callers: [scraper(args)], ports: [METRICS_PORT], methods: ["GET"], paths: ["/metrics"] },
  ];
}

/** NetworkPolicies of namespace `fi-fhir` beside its default-deny: rows 4 to 9. */
export function networkPolicies(args: FiFhirArgs): PolicySpec[] {
  const { namespace, labels } = entrance(args);
  const prometheus = scraper(args);
  return [
    {
      name: "fi-fhir-allow-ingress",
      namespace: NAMESPACE,
      labels: SERVER_LABELS,
      ingress: [
        { peers: [{ namespace, labels }], ports: [{ port: HTTP_PORT }] },
        {
          peers: [{ namespace: prometheus.namespace, labels: prometheus.labels }],
          ports: [{ port: METRICS_PORT }, { port: PROXY_METRICS_PORT }],
        },
      ],
    },
    { name: "fi-fhir-allow-egress", namespace: NAMESPACE, labels: SERVER_LABELS, egress: applicationEgress(args) },
    {
      name: `${DLQ_REPLAY}-allow-egress`,
      namespace: NAMESPACE,
      labels: { "app.kubernetes.io/name": DLQ_REPLAY },
      egress: applicationEgress(args),
    },
    {
      name: `${MAINTENANCE}-allow-egress`,
      namespace: NAMESPACE,
      labels: { "app.kubernetes.io/name": MAINTENANCE },
      egress: [...meshBasics(args.mesh), database(args)],
    },
  ];
}

/** S4.21: name resolution, the mesh, the FHIR server, the database, the trace collector; nothing else. */
function applicationEgress(args: FiFhirArgs): Allow[] {
  const { fhirServer, tracing } = args;
  return [
    ...meshBasics(args.mesh),
    ...outlets(fhirServer?.egress ?? []),
    ...(fhirServer?.pods === undefined ? [] : [{ peers: [fhirServer.pods], ports: [{ port: fhirServer.pods.port }] }]),
    database(args),
    ...(tracing === undefined ? [] : [{ peers: [tracing], ports: [{ port: tracing.port }] }]),
  ];
}

function database({ database: target }: FiFhirArgs): Allow {
  return target.kind === "external"
    ? { peers: [{ cidr: target.cidr }], ports: [{ port: target.port ?? 5432 }] }
    : {
        peers: [{ namespace: DATABASE.namespace, labels: { "app.kubernetes.io/name": DATABASE.name } }],
        ports: [{ port: DATABASE.port }],
      };
}

/** One rule per address block, because each has its own port. */
export function outlets(list: readonly Outlet[]): Allow[] {
  return list.map(({ cidr, port = 443 }) => ({ peers: [{ cidr }], ports: [{ port }] }));
}

/** NetworkPolicies of namespace `database`, row 8. */
export function databaseNetworkPolicies(backupEgress: readonly Outlet[]): PolicySpec[] {
  const { namespace, name, backup, port, backupPort } = DATABASE;
  const server = { "app.kubernetes.io/name": name };
  const jobs = { "app.kubernetes.io/name": backup };
  const storage = [dns(), ...outlets(backupEgress)];
  return [
    {
      name: `${name}-allow-ingress`,
      namespace,
      labels: server,
      ingress: [
        { peers: [{ namespace: NAMESPACE, names: ["fi-fhir", DLQ_REPLAY, MAINTENANCE] }], ports: [{ port }] },
        { peers: [{ namespace, labels: jobs }], ports: [{ port: backupPort }] },
      ],
    },
    { name: `${name}-allow-egress`, namespace, labels: server, egress: storage },
    {
      name: `${backup}-allow-egress`,
      namespace,
      labels: jobs,
      egress: [...storage, { peers: [{ namespace, labels: server }], ports: [{ port: backupPort }] }],
    },
  ];
}
