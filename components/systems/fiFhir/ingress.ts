import { externalTlsHost, mutualTlsDestination, routes, serviceHost, tlsGateway } from "../../mesh";
import type { FiFhirArgs } from "./args";
import { certificate } from "./certificates";
import { HTTP_PORT, NAMESPACE, PUBLIC_CERTIFICATE, PUBLIC_PATHS, SYSTEM } from "./names";

const BACKEND = { service: SYSTEM, namespace: NAMESPACE, port: HTTP_PORT };

/** Certificate that clients outside see; its Secret must be where the proxy reads it (S4.30, S4.31). */
export function publicCertificate({ hostname, ingress, mesh, publicIssuer }: FiFhirArgs) {
  return certificate({
    name: PUBLIC_CERTIFICATE,
    namespace: ingress === "nginx" ? NAMESPACE : mesh.gateway.namespace,
    issuer: publicIssuer ?? { name: "letsencrypt-prod" },
    dnsNames: [hostname],
    usages: ["server auth"],
  });
}

/** Gateway, routes and client TLS settings of the mesh. */
export function gatewayObjects({ mesh, hostname }: FiFhirArgs) {
  return [
    tlsGateway(mesh, { name: SYSTEM, namespace: NAMESPACE, hostname, credentialName: PUBLIC_CERTIFICATE }),
    routes({ name: SYSTEM, namespace: NAMESPACE, hostname, gateway: SYSTEM, paths: PUBLIC_PATHS, backend: BACKEND }),
  ];
}

/** What the namespace tells the mesh about its own Service and the FHIR server outside. */
export function meshDestinations({ fhirServer }: FiFhirArgs) {
  const inside = mutualTlsDestination(SYSTEM, BACKEND);
  if (fhirServer?.egress === undefined) return [inside];
  const { hostname, port } = new URL(fhirServer.baseUrl);
  const outside = { name: "fi-fhir-fhir-server", namespace: NAMESPACE, hostname, port: Number(port || 443) };
  return [inside, externalTlsHost(outside)];
}

/** The seed's Ingress (S4.30) as an option: only the allowed paths, and the connection to the pod is the mesh's. */
export function nginxIngress({ hostname }: FiFhirArgs) {
  const backend = { service: { name: SYSTEM, port: { name: "http" } } };
  return {
    metadata: {
      name: SYSTEM,
      namespace: NAMESPACE,
      annotations: {
        "nginx.ingress.kubernetes.io/ssl-redirect": "true",
        "nginx.ingress.kubernetes.io/force-ssl-redirect": "true",
        // nginx calls the Service and not pod addresses, so that its own sidecar applies mutual TLS.
        "nginx.ingress.kubernetes.io/service-upstream": "true",
        "nginx.ingress.kubernetes.io/upstream-vhost": serviceHost(BACKEND),
      },
    },
    spec: {
      ingressClassName: "nginx",
      tls: [{ hosts: [hostname], secretName: PUBLIC_CERTIFICATE }],
      rules: [
        {
          host: hostname,
          http: {
            paths: PUBLIC_PATHS.map((path) =>
              path.endsWith("/*")
                ? { path: path.slice(0, -2), pathType: "Prefix", backend }
                : { path, pathType: "Exact", backend },
            ),
          },
        },
      ],
    },
  };
}

/**
 * What the ConfigMap of the ingress-nginx controller must say: only there can TLS 1.3 be asked of clients (S4.5).
 * `proxy-ssl-protocols`, which the seed used, governs the other side.
 */
export const INGRESS_NGINX_CONTROLLER_CONFIG = {
  "ssl-protocols": "TLSv1.3",
  hsts: "true",
  "hsts-max-age": "63072000",
  "allow-snippet-annotations": "false",
} as const;
