import { parseCidr } from "../cidr";
import type { Problem } from "../problem";
import { parseImage } from "../scalarsKubernetes";
import type { Sections } from "../schema/index";
import { at, enabledFiFhir, when, type Rule } from "./rule";

const clusterKind: Rule = {
  needs: ["kind", "cluster"],
  check: ({ kind, cluster: { provider } }) => [
    ...when(kind !== "local" && provider === "embedded", () => ({
      key: at("cluster", "provider"),
      what: `is the control plane on one machine, which no stack of kind ${kind} can run on`,
      value: provider,
      allowed: "gke or existing; embedded only where kind is local",
      fix: "choose gke or existing, or set kind to local",
    })),
    ...when(kind === "local" && provider !== "embedded", () => ({
      key: at("kind"),
      what: `is local, but the cluster is ${provider}`,
      value: kind,
      allowed: "dev or prod for a cluster that is not on this machine",
      fix: "set kind to dev or prod: it decides how strict the rules are",
    })),
  ],
};

const gkeHardening: Rule = {
  needs: ["kind", "cluster"],
  check: ({ kind, cluster }) => {
    if (kind !== "prod" || cluster.provider !== "gke") return [];
    const must = (
      path: string,
      value: unknown,
      wrong: boolean,
      what: string,
      allowed: string,
      fix: string,
    ): Problem[] =>
      when(wrong, () => ({ key: at("cluster", ...path.split(".")), what: `${what} on prod`, value, allowed, fix }));
    return [
      ...must(
        "deletionProtection",
        false,
        !cluster.deletionProtection,
        "is off",
        "true",
        "leave it out: it is on unless turned off",
      ),
      ...must(
        "privateEndpoint",
        false,
        !cluster.privateEndpoint,
        "is off, so the API server has a public address,",
        "true",
        "leave it out, and reach the API server through the DNS endpoint or a bastion",
      ),
      ...must(
        "releaseChannel",
        cluster.releaseChannel,
        cluster.releaseChannel === "RAPID",
        "gets versions that nobody has run in production yet,",
        "REGULAR or STABLE",
        "leave it out: REGULAR is the default",
      ),
      ...must(
        "nodePool.minPerZone",
        0,
        cluster.nodePool.minPerZone < 1,
        "lets a zone go empty",
        "1 or more",
        "leave it out: 1 is the default",
      ),
      ...cluster.authorizedNetworks.flatMap(({ cidr }, i) =>
        when((parseCidr(cidr)?.prefix ?? 32) < 8, () => ({
          key: at("cluster", "authorizedNetworks", i, "cidr"),
          what: "lets (nearly) everybody reach the API server on prod",
          value: cidr,
          allowed: "blocks of your own, /8 to /32",
          fix: "name the office, VPN or CI runners that need it",
        })),
      ),
    ];
  },
};

/** Images of what really runs: nobody has to pin an image that is not used. */
export function usedImages({
  systems,
  images,
}: Pick<Sections, "systems" | "images">): [keyof Sections["images"], string][] {
  const { fiFhir } = systems;
  if (!fiFhir?.enabled) return [];
  // An external database needs the image, too: for its tools.
  return [
    ["fiFhir", images.fiFhir],
    ["postgres", images.postgres],
  ];
}

const digests: Rule = {
  needs: ["kind", "images", "systems"],
  check: (sections) =>
    usedImages(sections).flatMap(([name, image]) =>
      when(sections.kind === "prod" && parseImage(image)?.digest === undefined, () => ({
        key: at("images", name),
        what: "has no digest on prod",
        value: image,
        allowed: "REGISTRY/NAME:TAG@sha256:DIGEST, because a tag can be moved to another image",
        fix: "append the digest that was scanned and signed",
      })),
    ),
};

const fiFhir: Rule = {
  needs: ["kind", "systems"],
  check: (sections) => {
    const system = enabledFiFhir(sections);
    if (sections.kind !== "prod" || !system) return [];
    return [
      ...when(system.logLevel === "debug", () => ({
        key: at("systems", "fiFhir", "logLevel"),
        what: "may print patients' data on prod",
        value: "debug",
        allowed: "info, warn or error",
        fix: "leave it out: info is the default",
      })),
    ];
  },
};

const stackKind: Rule = {
  needs: ["kind", "stackKind"],
  check: ({ kind, stackKind: strictness }) =>
    when(kind === "prod" && strictness !== "prod", () => ({
      key: at("stackKind"),
      what:
        strictness === undefined ? "is missing although kind is prod" : "relaxes the policy pack although kind is prod",
      value: strictness,
      allowed: "prod",
      fix: "set it to prod: what the pack enforces must be written beside what it protects",
    })),
};

export const PRODUCTION: readonly Rule[] = [clusterKind, gkeHardening, digests, fiFhir, stackKind];
