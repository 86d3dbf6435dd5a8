import { appArmor, procMount, seccomp, seLinux, sysctls } from "../../controls/podSecurity";
import type { Field } from "../../lib/accessor";
import { UNREADABLE, type Report } from "../../lib/report";
import { podRule, type Rule } from "../../lib/rule";
import type { PodTemplate } from "../../lib/workloads";
import { capabilityRules } from "./capabilities";
import { eachContainer, eachSecurityContext, hasUserNamespace, isWindows, quoted } from "./fields";

const APP_ARMOR_TYPES = ["RuntimeDefault", "Localhost"];
const APP_ARMOR_ANNOTATION = "container.apparmor.security.beta.kubernetes.io/";

const appArmorKept = podRule(appArmor, (pod, report) => {
  eachSecurityContext(pod, report, ({ field: context, label }) => {
    const profile = context.at("appArmorProfile");
    if (profile.present()) requireType(profile.at("type"), APP_ARMOR_TYPES, label, report);
  });
  report.attempt(() => {
    for (const [key, field] of pod.metadata.at("annotations").entries()) {
      if (!key.startsWith(APP_ARMOR_ANNOTATION)) continue;
      report.attempt(() => {
        const value = field.string() ?? "";
        if (value === "" || value === "runtime/default" || value.startsWith("localhost/")) return;
        report.violation(field, `is "${value}"`, "remove the annotation, or set it to runtime/default");
      });
    }
  });
});

function requireType(field: Field, allowed: readonly string[], label: string, report: Report): void {
  const type = field.string() ?? "";
  if (!allowed.includes(type)) report.violation(field, `is "${type}"${label}`, `set it to one of ${quoted(allowed)}`);
}

const seLinuxKept = podRule(seLinux, (pod, report, { podSecurityMinor }) => {
  const types = ["container_t", "container_init_t", "container_kvm_t"];
  if (podSecurityMinor >= 31) types.push("container_engine_t");
  eachSecurityContext(pod, report, ({ field: context, label }) => {
    const options = context.at("seLinuxOptions");
    report.attempt(() => {
      if (options.at("type").string()) requireType(options.at("type"), types, label, report);
    });
    for (const key of ["user", "role"]) {
      report.attempt(() => {
        const field = options.at(key);
        if (field.string()) report.violation(field, `is set${label}`, `remove ${key}`);
      });
    }
  });
});

const procMountDefault = podRule(procMount, (pod, report, { podSecurityMinor, podSecurityLevel }) => {
  if (podSecurityLevel === "baseline" && hasUserNamespace(pod, podSecurityMinor)) return;
  eachContainer(pod, report, (container) => {
    const field = container.field.at("securityContext", "procMount");
    const value = field.string();
    if (value === undefined || value === "Default") return;
    report.violation(field, `is "${value}" (${container.label})`, 'remove procMount, or set it to "Default"');
  });
});

const SECCOMP_TYPES = ["RuntimeDefault", "Localhost"];

const seccompOn = podRule(seccomp, (pod, report, { podSecurityLevel }) => {
  const required = podSecurityLevel === "restricted";
  if (required && isWindows(pod)) return;
  const own = profileOf(pod.spec.at("securityContext", "seccompProfile"), "", report);
  const uncovered: string[] = [];
  eachContainer(pod, report, ({ field, label }) => {
    const profile = profileOf(field.at("securityContext", "seccompProfile"), ` (${label})`, report);
    if (profile === "absent") uncovered.push(label);
  });
  // A pod profile that is wrong or unknown has been reported already.
  if (!required || own !== "absent" || uncovered.length === 0) return;
  reportOnce(pod, "seccompProfile.type", uncovered, 'set it to "RuntimeDefault" for the pod', report);
});

function profileOf(field: Field, label: string, report: Report): "absent" | "set" {
  const result = report.attempt(() => {
    if (!field.present()) return "absent";
    requireType(field.at("type"), SECCOMP_TYPES, label, report);
    return "set";
  });
  return result === UNREADABLE ? "set" : result;
}

/** One finding for the pod where neither it nor `containers` set a field that either could set. */
export function reportOnce(
  pod: PodTemplate,
  key: string,
  containers: readonly string[],
  fix: string,
  report: Report,
): void {
  const path = `${pod.spec.path}.securityContext.${key}`;
  report.violation(path, `is not set, and not by ${containers.join(", ")} either`, fix);
}

/** The list of safe sysctls, by the minor version that brought them. */
const SAFE_SYSCTLS: readonly (readonly [number, string])[] = [
  [0, "kernel.shm_rmid_forced"],
  [0, "net.ipv4.ip_local_port_range"],
  [0, "net.ipv4.tcp_syncookies"],
  [0, "net.ipv4.ping_group_range"],
  [0, "net.ipv4.ip_unprivileged_port_start"],
  [27, "net.ipv4.ip_local_reserved_ports"],
  [29, "net.ipv4.tcp_keepalive_time"],
  [29, "net.ipv4.tcp_fin_timeout"],
  [29, "net.ipv4.tcp_keepalive_intvl"],
  [29, "net.ipv4.tcp_keepalive_probes"],
  [32, "net.ipv4.tcp_rmem"],
  [32, "net.ipv4.tcp_wmem"],
];

const sysctlsSafe = podRule(sysctls, ({ spec }, report, { podSecurityMinor }) => {
  const safe = SAFE_SYSCTLS.filter(([since]) => since <= podSecurityMinor).map(([, name]) => name);
  for (const sysctl of spec.at("securityContext", "sysctls").items()) {
    report.attempt(() => {
      const field = sysctl.at("name");
      const name = field.string() ?? "";
      if (!safe.includes(name))
        report.violation(field, `is "${name}"`, "remove it; only namespaced, safe sysctls are allowed");
    });
  }
});

export const kernelRules: Rule[] = [
  ...capabilityRules,
  appArmorKept,
  seLinuxKept,
  procMountDefault,
  seccompOn,
  sysctlsSafe,
];
