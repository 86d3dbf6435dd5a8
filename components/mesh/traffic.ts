import type { MeshIdentity } from "../contracts";

/** Where a route ends: a Service of the cluster. */
export interface Backend {
  service: string;
  namespace: string;
  port: number;
}

/** A path that is routed: exact, or a prefix that ends in `*`. */
export type RoutedPath = string;

export function serviceHost({ service, namespace }: Pick<Backend, "service" | "namespace">): string {
  return `${service}.${namespace}.svc.cluster.local`;
}

/**
 * The one way in (S4.30): TLS 1.3 or nothing, plain HTTP only to be redirected. `credentialName` is a Secret in the
 * namespace of the gateway's pods.
 */
export function tlsGateway(
  mesh: MeshIdentity,
  {
    name,
    namespace,
    hostname,
    credentialName,
  }: { name: string; namespace: string; hostname: string; credentialName: string },
) {
  return {
    apiVersion: "networking.istio.io/v1",
    kind: "Gateway",
    metadata: { name, namespace },
    spec: {
      selector: { ...mesh.gateway.labels },
      servers: [
        {
          // `namespace/host`: a VirtualService of another namespace can't take over the host.
          hosts: [`${namespace}/${hostname}`],
          port: { number: 443, name: "https", protocol: "HTTPS" },
          tls: { mode: "SIMPLE", credentialName, minProtocolVersion: "TLSV1_3" },
        },
        {
          hosts: [`${namespace}/${hostname}`],
          port: { number: 80, name: "http", protocol: "HTTP" },
          tls: { httpsRedirect: true },
        },
      ],
    },
  };
}

/** Routes the named paths and answers everything else with 403 at the gateway, before it reaches a workload. */
export function routes(spec: {
  name: string;
  namespace: string;
  hostname: string;
  gateway: string;
  paths: readonly RoutedPath[];
  backend: Backend;
  /** @default 15: a client must not hold a worker for ever */
  timeoutSeconds?: number;
}) {
  const { name, namespace, hostname, gateway, paths, backend, timeoutSeconds = 15 } = spec;
  return {
    apiVersion: "networking.istio.io/v1",
    kind: "VirtualService",
    metadata: { name, namespace },
    spec: {
      hosts: [hostname],
      gateways: [`${namespace}/${gateway}`],
      http: [
        {
          name: "allowed-paths",
          match: paths.map((path) => ({
            uri: path.endsWith("*") ? { prefix: path.slice(0, -1) } : { exact: path },
          })),
          route: [{ destination: { host: serviceHost(backend), port: { number: backend.port } } }],
          timeout: `${String(timeoutSeconds)}s`,
          // Two years: a browser that was here once never tries plain HTTP again.
          headers: { response: { set: { "strict-transport-security": "max-age=63072000; includeSubDomains" } } },
        },
        { name: "everything-else", directResponse: { status: 403 } },
      ],
    },
  };
}

/** Clients of the mesh always speak mutual TLS to this Service, and connections are bounded. */
export function mutualTlsDestination(name: string, backend: Pick<Backend, "service" | "namespace">) {
  return {
    apiVersion: "networking.istio.io/v1",
    kind: "DestinationRule",
    metadata: { name, namespace: backend.namespace },
    spec: { host: serviceHost(backend), trafficPolicy: { tls: { mode: "ISTIO_MUTUAL" } } },
  };
}

/** Makes a host outside the mesh known to this namespace only, where the mesh lets out only what is registered. */
export function externalTlsHost(spec: { name: string; namespace: string; hostname: string; port: number }) {
  return {
    apiVersion: "networking.istio.io/v1",
    kind: "ServiceEntry",
    metadata: { name: spec.name, namespace: spec.namespace },
    spec: {
      hosts: [spec.hostname],
      location: "MESH_EXTERNAL",
      resolution: "DNS",
      exportTo: ["."],
      ports: [{ number: spec.port, name: "tls", protocol: "TLS" }],
    },
  };
}
