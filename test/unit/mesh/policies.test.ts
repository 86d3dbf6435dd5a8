import assert from "node:assert/strict";
import {
  allow,
  denyAll,
  externalTlsHost,
  mutualTlsDestination,
  principal,
  routes,
  strictMutualTls,
  tlsGateway,
} from "../../../components/mesh";

const MESH = {
  trustDomain: "clinic.example.com",
  injectionLabels: {},
  controlPlaneNamespace: "istio-system",
  gateway: { namespace: "gateway", serviceAccount: "gateway", labels: { istio: "ingress" } },
};
const CALLER = { namespace: "web", serviceAccount: "front" };
const PERMISSION = { callers: [CALLER], ports: [8080], methods: ["GET"], paths: ["/api/*"] } as const;

describe("principal (X.8)", () => {
  it("is built from the one trust domain", () => {
    assert.equal(principal(MESH, CALLER), "clinic.example.com/ns/web/sa/front");
  });

  it("refuses the shared account and names that could match more than one", () => {
    assert.throws(() => principal(MESH, { ...CALLER, serviceAccount: "default" }), /shared by every pod/);
    for (const namespace of ["*", "", "a/b", "A"])
      assert.throws(() => principal(MESH, { ...CALLER, namespace }), /is no name/);
    assert.throws(() => principal({ ...MESH, trustDomain: "*" }, CALLER), /trustDomain is no name/);
  });
});

describe("policies", () => {
  it("are STRICT for the whole namespace (S4.22)", () => {
    const { apiVersion, spec } = strictMutualTls("m", "apps");
    assert.equal(apiVersion, "security.istio.io/v1");
    assert.deepEqual(spec, { mtls: { mode: "STRICT" } });
  });

  it("deny everything by an empty spec (PP.8)", () => {
    assert.deepEqual(denyAll("d", "apps").spec, {});
  });

  it("allow by identity, port, method and path", () => {
    const policy = { name: "a", namespace: "apps", labels: { app: "a" }, permissions: [PERMISSION] };
    const { spec } = allow(MESH, policy);
    assert.deepEqual(spec, {
      selector: { matchLabels: { app: "a" } },
      action: "ALLOW",
      rules: [
        {
          from: [{ source: { principals: ["clinic.example.com/ns/web/sa/front"] } }],
          to: [{ operation: { ports: ["8080"], methods: ["GET"], paths: ["/api/*"] } }],
        },
      ],
    });
  });

  for (const field of ["callers", "ports", "methods", "paths"] as const) {
    it(`refuse empty ${field}, which Istio reads as any (PP.7)`, () => {
      const permissions = [{ ...PERMISSION, [field]: [] }];
      assert.throws(
        () => allow(MESH, { name: "a", namespace: "apps", labels: {}, permissions }),
        new RegExp(`empty ${field}`),
      );
    });
  }
});

describe("traffic", () => {
  it("comes in with TLS 1.3 or is redirected (S4.5, S4.30, PP.10)", () => {
    const { spec } = tlsGateway(MESH, {
      name: "g",
      namespace: "apps",
      hostname: "a.example.com",
      credentialName: "a-tls",
    });
    assert.deepEqual(spec.selector, { istio: "ingress" });
    const [https, http] = spec.servers;
    assert.deepEqual(https?.tls, { mode: "SIMPLE", credentialName: "a-tls", minProtocolVersion: "TLSV1_3" });
    assert.deepEqual(http?.tls, { httpsRedirect: true });
    for (const { hosts } of spec.servers) assert.deepEqual(hosts, ["apps/a.example.com"]);
  });

  it("is routed for the named paths only, everything else is 403", () => {
    const { spec } = routes({
      name: "r",
      namespace: "apps",
      hostname: "a.example.com",
      gateway: "g",
      paths: ["/api/*", "/health"],
      backend: { service: "a", namespace: "apps", port: 8080 },
    });
    const [allowed, rest] = spec.http;
    assert.deepEqual(allowed?.match, [{ uri: { prefix: "/api/" } }, { uri: { exact: "/health" } }]);
    assert.deepEqual(allowed.route, [{ destination: { host: "a.apps.svc.cluster.local", port: { number: 8080 } } }]);
    assert.deepEqual(rest, { name: "everything-else", directResponse: { status: 403 } });
  });

  it("is mutual TLS inside, and an external host is visible to its namespace only", () => {
    const inside = mutualTlsDestination("a", { service: "a", namespace: "apps" });
    assert.deepEqual(inside.spec.trafficPolicy, { tls: { mode: "ISTIO_MUTUAL" } });
    const outside = externalTlsHost({ name: "e", namespace: "apps", hostname: "fhir.example.com", port: 443 });
    assert.deepEqual(outside.spec.exportTo, ["."]);
    assert.equal(outside.spec.resolution, "DNS");
  });
});
