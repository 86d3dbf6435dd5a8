import type { Problem } from "../problem";
import { usedImages } from "./production";
import { at, when, type Rule } from "./rule";

const DAY = 24 * 60 * 60 * 1000;
/** As the policy pack has it: an exemption is a date to come back to. */
const MOST_DAYS = 180;

const exemptions: Rule = {
  needs: ["exemptions"],
  check: ({ exemptions: list }, { today }) => {
    const today0 = Date.parse(today.toISOString().slice(0, 10));
    const latest = new Date(today0 + MOST_DAYS * DAY).toISOString().slice(0, 10);
    return list.flatMap(({ expires, resource, namespace }, i): Problem[] => {
      const day = Date.parse(expires);
      const base = {
        key: at("exemptions", i, "expires"),
        value: expires,
        allowed: `a date up to ${latest} (${String(MOST_DAYS)} days ahead)`,
      };
      // Date.parse takes 2027-02-30 for 2 March.
      if (Number.isNaN(day) || new Date(day).toISOString().slice(0, 10) !== expires) {
        return [{ ...base, what: "is a day that does not exist", fix: "correct the date" }];
      }
      return [
        ...when(day > today0 + MOST_DAYS * DAY, () => ({
          ...base,
          what: "is too far away",
          fix: "agree on an earlier date; it can be renewed",
        })),
        ...when(resource === undefined && namespace === undefined, () => ({
          key: at("exemptions", i),
          what: "is for everything",
          allowed: "resource or namespace, or both",
          fix: "name what it is for",
          command: `pulumi config set --path '${at("exemptions", i, "resource")}' NAME`,
        })),
      ];
    });
  },
};

const podSecurity: Rule = {
  needs: ["cluster", "podSecurityVersion"],
  check: ({ cluster, podSecurityVersion }) => {
    const minor = (text: string) => Number(/^v?1\.(\d+)/.exec(text)?.[1]);
    return when(
      podSecurityVersion !== undefined && minor(podSecurityVersion) > minor(cluster.kubernetesVersion),
      () => ({
        key: at("podSecurityVersion"),
        what: `is newer than the cluster (${cluster.kubernetesVersion}), which would apply its own newest rules instead`,
        value: podSecurityVersion,
        allowed: `v1.${String(minor(cluster.kubernetesVersion))} or older`,
        fix: "lower it, or upgrade the cluster first",
      }),
    );
  },
};

const registries: Rule = {
  needs: ["registries", "images", "systems"],
  check: (sections) => {
    const { registries: list } = sections;
    if (list === undefined) return [];
    return usedImages(sections).flatMap(([name, image]) =>
      when(!list.some((registry) => image.startsWith(`${registry}/`)), () => ({
        key: at("images", name),
        what: "comes from a registry that policy:registries does not list",
        value: image,
        allowed: `images below ${list.join(", ")}`,
        fix: "mirror the image to a listed registry, or list its registry",
      })),
    );
  },
};

export const POLICY: readonly Rule[] = [exemptions, podSecurity, registries];
