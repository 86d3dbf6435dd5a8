import { z } from "zod";
import { pattern, text } from "../scalars";
import { podSecurityVersion } from "../scalarsKubernetes";

const sentence = (least: number, what: string) =>
  text({ allowed: `at least ${String(least)} signs of text`, fix: `say ${what}` }, (value) =>
    value.trim().length < least ? "says next to nothing" : undefined,
  );

const selector = (what: string) =>
  text({ allowed: `a name, '*' standing for any text, but not for everything`, fix: `name the ${what}` }, (value) =>
    /[^*?\s]/.test(value) ? undefined : "selects everything",
  );

const exemption = z.strictObject({
  control: pattern(/^[A-Z]{2,5}-\d{3}$/, "is not the ID of a control", {
    allowed: "an ID of the control catalogue",
    fix: "copy it from the violation, for instance PSS-011",
  }).meta({ description: "Control that it exempts from." }),
  resource: selector("resource").optional().meta({ description: "Resource, object or URN it is for." }),
  namespace: selector("namespace").optional().meta({ description: "Namespace it is for." }),
  owner: sentence(3, "who answers for it").meta({ description: "Who answers for it." }),
  reason: sentence(10, "why it is needed and what makes up for it").meta({
    description: "Why, and what makes up for it.",
  }),
  expires: pattern(/^\d{4}-\d{2}-\d{2}$/, "is not a date", {
    allowed: "YYYY-MM-DD, at most 180 days ahead",
    fix: "quote it in YAML: '2027-01-31'",
  }).meta({ description: "Last day on which it holds." }),
});

const paths = z.array(
  pattern(/^[A-Za-z]\w*(\.[A-Za-z]\w*)*$/, "is not a field path", {
    allowed: "field names with dots between",
    fix: "write it like spec.template",
  }),
);

/** Namespace `policy`: what the policy pack reads itself. It is checked here too, so that a typo stops the program. */
export const policy = {
  stackKind: z.enum(["dev", "prod"]).optional().meta({ description: "How strict the pack is; `prod` if not set." }),
  exemptions: z.array(exemption).default([]).meta({ description: "Agreed exceptions; the pack lists each of them." }),
  podSecurityVersion: podSecurityVersion()
    .optional()
    .meta({ description: "Pinned version of the Pod Security Standards; the newest that the pack knows if not set." }),
  registries: z
    .array(
      pattern(/^[a-z0-9.-]+(:\d+)?(\/[a-z0-9._-]+)*$/, "is not a registry", {
        allowed: "HOST or HOST/PATH without scheme, wildcard or tag",
        fix: "write it like ghcr.io/acme",
      }),
    )
    .min(1)
    .optional()
    .meta({ description: "Registries that images may come from." }),
  podTemplatePaths: z
    .record(z.string(), paths)
    .optional()
    .meta({ description: "Where custom resources (`group/Kind`) hold pod templates." }),
};
