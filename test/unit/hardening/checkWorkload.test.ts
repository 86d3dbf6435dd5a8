import assert from "node:assert/strict";
import { checkWorkload } from "../../../components/hardening/checkWorkload";
import type { DeploymentSpec } from "../../../components/hardening";

const GOOD: DeploymentSpec = {
  kind: "Deployment",
  name: "app",
  namespace: "apps",
  image: "app:1",
  ports: { http: 8080 },
  liveness: { path: "/health" },
  readiness: { path: "/ready" },
  env: { LOG_LEVEL: "info", PASSWORD_FILE: "/run/secrets/app/password", TOKEN_PATH: "/run/token" },
  files: [{ path: "/run/secrets/app", secret: "app", keys: ["password"] }],
  writable: { "/tmp": "1Mi" },
};

const WRONG: [title: string, change: Partial<DeploymentSpec>, message: RegExp][] = [
  ["an empty image", { image: " " }, /app\.image is empty/],
  [
    "a password in the environment",
    { env: { DB_PASSWORD: "hunter2" } },
    /app\.env\.DB_PASSWORD looks like a credential/,
  ],
  [
    "a token in the environment",
    { env: { API_TOKEN: "hunter2" } },
    /mount the Secret with files and pass API_TOKEN_FILE/,
  ],
  ["a whole Secret", { files: [{ path: "/s", secret: "app" }] }, /files\[\/s\]\.keys is missing/],
  [
    "two sources",
    { files: [{ path: "/s", secret: "app", configMap: "app", keys: ["a"] }] },
    /needs exactly one source/,
  ],
  ["a writable root", { writable: { "/": "1Gi" } }, /writable has a path that is not below \//],
  ["a relative path", { memory: { tmp: "1Mi" } }, /given: "tmp"/],
  ["one replica", { replicas: 1 }, /replicas is too small; given: 1; allowed: a whole number from 2/],
  ["half a replica", { replicas: 2.5 }, /replicas is too small/],
  ["no readiness probe", { readiness: undefined }, /readiness is missing/],
  ["no liveness probe", { liveness: undefined }, /liveness is missing/],
  [
    "a probe of another port",
    { liveness: { path: "/", port: "admin" } },
    /liveness\.port .*given: "admin"; allowed: http/,
  ],
  ["a secret in a sidecar", { sidecars: [{ name: "s", image: "s:1", env: { SECRET: "x" } }] }, /s\.env\.SECRET/],
];

describe("checkWorkload", () => {
  it("accepts a good workload", () => {
    checkWorkload(GOOD);
  });

  for (const [title, change, message] of WRONG) {
    it(`refuses ${title}`, () => {
      assert.throws(
        () => checkWorkload({ ...GOOD, ...change }),
        (error: Error) => {
          assert.match(error.message, /^HardenedWorkload "app": /);
          assert.match(error.message, message);
          assert.doesNotMatch(error.message, /hunter2/, "the value of a credential is in the message");
          return true;
        },
      );
    });
  }
});
