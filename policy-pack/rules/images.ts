import { imageDigest, imageRegistry, imageTag } from "../controls/workloads";
import type { Field } from "../lib/accessor";
import { isBelow, parseImage, type ImageReference } from "../lib/image";
import type { Report } from "../lib/report";
import { podRule, type Rule } from "../lib/rule";
import type { PodTemplate } from "../lib/workloads";
import { eachContainer } from "./podSecurity/fields";

/** Calls `check` for the image of every container and of every image volume. */
function eachImage(pod: PodTemplate, report: Report, check: (field: Field, text: string) => void): void {
  eachContainer(pod, report, (container) => {
    const field = container.field.at("image");
    check(field, field.string() ?? "");
  });
  report.attempt(() => {
    for (const volume of pod.spec.at("volumes").items()) {
      report.attempt(() => {
        if (!volume.at("image").present()) return;
        const field = volume.at("image", "reference");
        check(field, field.string() ?? "");
      });
    }
  });
}

const FIX_TAG = "name the version to run, as name:1.2.3, or pin it by digest";

const fixedTag = podRule(imageTag, (pod, report) => {
  eachImage(pod, report, (field, text) => {
    const image = parseImage(text);
    if (text.trim() === "") report.violation(field, "is not set", FIX_TAG);
    else if (!image) report.violation(field, `is "${text}", which is no image reference`, FIX_TAG);
    else if (!image.digest && isMutable(image)) report.violation(field, `is "${text}": ${mutability(image)}`, FIX_TAG);
  });
});

function isMutable({ tag }: ImageReference): boolean {
  return tag === undefined || tag.toLowerCase() === "latest";
}

function mutability({ tag }: ImageReference): string {
  return tag === undefined ? "without a tag it means latest" : "the tag latest moves";
}

const pinnedByDigest = podRule(imageDigest, (pod, report) => {
  eachImage(pod, report, (field, text) => {
    const image = parseImage(text);
    // No reference at all, or one that moves anyway, is the finding of another control.
    if (!image || image.digest || isMutable(image)) return;
    report.violation(field, `is "${text}", without a digest`, "append @sha256:… of the reviewed image");
  });
});

const allowedRegistry = podRule(
  imageRegistry,
  (pod, report, { registries = [] }) => {
    eachImage(pod, report, (field, text) => {
      const image = parseImage(text);
      if (!image || registries.some((allowed) => isBelow(image.repository, allowed))) return;
      const allowed = registries.length > 0 ? registries.join(", ") : "none";
      report.violation(
        field,
        `is "${text}", from ${image.repository}; allowed are: ${allowed}`,
        "mirror it to an allowed registry",
      );
    });
  },
  ({ registries }) => registries !== undefined,
);

export const imageRules: Rule[] = [fixedTag, pinnedByDigest, allowedRegistry];
