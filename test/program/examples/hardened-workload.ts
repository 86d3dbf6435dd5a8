import type * as kubernetes from "@pulumi/kubernetes";
import { HardenedWorkload } from "../../../components/hardening";

export function hardenedWorkload(provider: kubernetes.Provider): HardenedWorkload {
  return new HardenedWorkload(
    "appointments",
    {
      kind: "Deployment",
      name: "appointments",
      namespace: "clinic",
      image: "registry.example.com/clinic/appointments:2.3.1",
      ports: { http: 8080 },
      liveness: { path: "/health" },
      readiness: { path: "/ready", periodSeconds: 5 },
      env: { LOG_LEVEL: "info", DATABASE_PASSWORD_FILE: "/run/secrets/appointments/password" },
      writable: { "/tmp": "32Mi" },
      files: [{ path: "/run/secrets/appointments", secret: "appointments", keys: ["password"] }],
    },
    { providers: [provider] },
  );
}
