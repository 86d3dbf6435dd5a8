import assert from "node:assert/strict";
import fc from "fast-check";
import { checkCidr, defaultDeny, dns, meshBasics, networkPolicy } from "../../../components/network";

const MESH = {
  trustDomain: "example.com",
  injectionLabels: {},
  controlPlaneNamespace: "istio-system",
  gateway: { namespace: "gateway", serviceAccount: "gateway", labels: {} },
};
const POLICY = { name: "p", namespace: "apps", labels: { app: "a" } };

describe("defaultDeny (S4.19)", () => {
  it("selects every pod, in both directions, and allows nothing", () => {
    assert.deepEqual(defaultDeny("apps"), {
      metadata: { name: "apps-default-deny", namespace: "apps" },
      spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
    });
  });
});

describe("networkPolicy", () => {
  it("opens exactly what it names", () => {
    const rule = { peers: [{ namespace: "other", labels: { app: "b" } }], ports: [{ port: 80 }] };
    assert.deepEqual(networkPolicy({ ...POLICY, ingress: [rule] }).spec, {
      podSelector: { matchLabels: { app: "a" } },
      policyTypes: ["Ingress"],
      ingress: [
        {
          from: [
            {
              namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "other" } },
              podSelector: { matchLabels: { app: "b" } },
            },
          ],
          ports: [{ protocol: "TCP", port: 80 }],
        },
      ],
    });
  });

  it("lists a direction that is closed altogether", () => {
    assert.deepEqual(networkPolicy({ ...POLICY, egress: [] }).spec.policyTypes, ["Egress"]);
  });

  it("refuses rules that would allow everybody or everything", () => {
    assert.throws(() => networkPolicy({ ...POLICY, ingress: [{ peers: [], ports: [{ port: 1 }] }] }), /without peers/);
    const peers = [{ namespace: "other" }];
    assert.throws(() => networkPolicy({ ...POLICY, egress: [{ peers, ports: [] }] }), /without ports/);
  });
});

describe("checkCidr (PP.17)", () => {
  it("accepts narrow blocks", () => {
    for (const cidr of ["10.1.0.0/16", "199.36.153.8/30", "10.0.0.1/32", "fd00:1:2::/48"]) {
      assert.equal(checkCidr("p", cidr), cidr);
    }
  });

  it("never accepts a block wider than /16, whatever its address", () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.integer({ min: 0, max: 15 }), (address, length) => {
        assert.throws(() => checkCidr("p", `${address}/${String(length)}`), /NetworkPolicy "p": cidr is too wide/);
      }),
    );
  });

  it("never accepts an IPv6 block wider than /48", () => {
    fc.assert(
      fc.property(fc.ipV6(), fc.integer({ min: 0, max: 47 }), (address, length) => {
        assert.throws(() => checkCidr("p", `${address}/${String(length)}`));
      }),
    );
  });

  for (const cidr of [
    "",
    "10.0.0.1",
    "10.0.0.0/33",
    "example.com/24",
    "10.0.0.0/-1",
    "0.0.0.0/0",
    "::/0",
    "10.0.0.0/1e1",
  ]) {
    it(`refuses ${JSON.stringify(cidr)}`, () => {
      assert.throws(() => checkCidr("p", cidr), /allowed: IPv4 from \/16/);
    });
  }
});

describe("what every meshed pod needs (X.5)", () => {
  it("is kube-dns over UDP and TCP, and istiod", () => {
    assert.deepEqual(dns().ports, [{ port: 53, protocol: "UDP" }, { port: 53 }]);
    assert.deepEqual(dns().peers, [{ namespace: "kube-system", labels: { "k8s-app": "kube-dns" } }]);
    const [, istiod] = meshBasics(MESH);
    assert.deepEqual(istiod, {
      peers: [{ namespace: "istio-system", labels: { app: "istiod" } }],
      ports: [{ port: 15012 }],
    });
  });
});
