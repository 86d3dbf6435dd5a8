import { envSecrets, literalCredentials, longLivedSecret, plainSecret } from "../controls/workloads";
import { readOr, type Field } from "../lib/accessor";
import { credentialIn, isHarmless, namesCredential } from "../lib/credentials";
import type { KubernetesObject } from "../lib/objects";
import type { Report } from "../lib/report";
import { objectRule, podRule, type Rule } from "../lib/rule";
import { podTemplatesOf, type PodTemplate } from "../lib/workloads";
import { eachContainer } from "./podSecurity/fields";

const filesNotEnv = podRule(envSecrets, (pod, report) => {
  const fix = "mount the Secret as a volume and let the program read the file";
  const refuse = (field: Field, label: string): void => {
    if (field.present()) report.violation(field, `fills the environment from a Secret (${label})`, fix);
  };
  eachContainer(pod, report, ({ field, label }) => {
    eachOf(field.at("env"), report, (entry) => {
      refuse(entry.at("valueFrom", "secretKeyRef"), label);
    });
    eachOf(field.at("envFrom"), report, (entry) => {
      refuse(entry.at("secretRef"), label);
    });
  });
});

function eachOf(list: Field, report: Report, check: (item: Field, index: number) => void): void {
  report.attempt(() => {
    list.items().forEach((item, index) => {
      report.attempt(() => {
        check(item, index);
      });
    });
  });
}

const FIX = "keep it in Vault, bring it in by an ExternalSecret and mount it; the value here is to be changed";

const noLiterals = objectRule(literalCredentials, {
  subject: "workloads and ConfigMaps",
  applies: (object, { podTemplatePaths }) =>
    object.is("ConfigMap", "") || podTemplatesOf(object, podTemplatePaths).length > 0,
  check(object, report, { podTemplatePaths }) {
    if (object.is("ConfigMap", "")) searchConfigMap(object, report);
    for (const pod of podTemplatesOf(object, podTemplatePaths)) searchPod(pod, report);
  },
});

function searchPod(pod: PodTemplate, report: Report): void {
  eachContainer(pod, report, ({ field, label }) => {
    eachOf(field.at("env"), report, (entry) => {
      judge(
        readOr("", () => entry.at("name").string() ?? ""),
        entry.at("value"),
        ` (${label})`,
        report,
      );
    });
    for (const key of ["command", "args"]) {
      const list = field.at(key);
      eachOf(list, report, (argument, index) => {
        judge(optionBefore(list, index), argument, ` (${label})`, report);
      });
    }
  });
}

/** The name of the option that takes this argument: `--password` in ["--password", "x"]. */
function optionBefore(list: Field, index: number): string {
  const before = readOr(undefined, () => list.items()[index - 1]?.string());
  return before?.startsWith("-") && !before.includes("=") ? before : "";
}

function searchConfigMap({ root }: KubernetesObject, report: Report): void {
  for (const key of ["data", "binaryData"]) {
    report.attempt(() => {
      for (const [name, field] of root.at(key).entries()) {
        report.attempt(() => {
          judge(name, field, "", report, key === "binaryData");
        });
      }
    });
  }
}

/** `name` is what the value is called: a variable, an option, a key. */
function judge(name: string, field: Field, label: string, report: Report, isBase64 = false): void {
  const isNamed = namesCredential(name);
  // Under a name that says nothing, an unknown value is checked at update: see allowUnknown of the control.
  if (field.isUnknown && field.unknownAt === field.path && !isNamed) return;
  const text = field.scalar() ?? "";
  const value = isBase64 ? Buffer.from(text, "base64").toString("utf8") : text;
  if (isNamed && !isHarmless(value)) report.violation(field, `is the literal value of ${name}${label}`, FIX);
  else {
    const kind = credentialIn(value);
    if (kind) report.violation(field, `holds ${kind}${label}`, FIX);
  }
}

const isSecret = (object: KubernetesObject): boolean => object.is("Secret", "");
const REFUSED_TYPES = ["kubernetes.io/service-account-token", "kubernetes.io/basic-auth"];

const fromVault = objectRule(plainSecret, {
  subject: "Secrets",
  applies: isSecret,
  check({ root }, report) {
    // A refused type is the finding of another control.
    if (REFUSED_TYPES.includes(readOr("", () => root.at("type").string() ?? ""))) return;
    for (const key of ["data", "stringData"]) {
      report.attempt(() => {
        const written = root
          .at(key)
          .entries()
          .filter(([, field]) => field.isUnknown || field.scalar() !== "")
          .map(([name]) => name);
        if (written.length > 0)
          report.violation(root.at(key), `is written by the program (${written.join(", ")})`, FIX);
      });
    }
  },
});

const noLongLived = objectRule(longLivedSecret, {
  subject: "Secrets",
  applies: isSecret,
  check({ root }, report) {
    const field = root.at("type");
    const type = field.string() ?? "";
    if (REFUSED_TYPES.includes(type))
      report.violation(field, `is ${type}`, "use a projected token or a credential from Vault");
  },
});

export const secretRules: Rule[] = [filesNotEnv, noLiterals, fromVault, noLongLived];
