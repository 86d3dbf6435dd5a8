import { hostNamespaces, hostPath, hostPorts, hostProbes, hostProcess, privileged } from "../../controls/podSecurity";
import type { Field } from "../../lib/accessor";
import type { Report } from "../../lib/report";
import { objectRule, podRule, type Rule } from "../../lib/rule";
import { podTemplatesOf } from "../../lib/workloads";
import { eachContainer, eachSecurityContext } from "./fields";

const noHostNamespaces = podRule(hostNamespaces, ({ spec }, report) => {
  for (const key of ["hostNetwork", "hostPID", "hostIPC"]) {
    report.attempt(() => {
      const field = spec.at(key);
      if (field.boolean()) report.violation(field, "is true", `remove ${key}, or set it to false`);
    });
  }
});

const noPrivileged = podRule(privileged, (pod, report) => {
  eachContainer(pod, report, (container) => {
    const field = container.field.at("securityContext", "privileged");
    if (field.boolean())
      report.violation(field, `is true (${container.label})`, "remove privileged, or set it to false");
  });
});

const noHostPath = objectRule(hostPath, {
  subject: "workloads and PersistentVolumes",
  applies: (object, { podTemplatePaths }) =>
    object.is("PersistentVolume", "") || podTemplatesOf(object, podTemplatePaths).length > 0,
  check(object, report, { podTemplatePaths }) {
    if (object.is("PersistentVolume", "")) refuseHostPath(object.root.at("spec", "hostPath"), "this volume", report);
    for (const { spec } of podTemplatesOf(object, podTemplatePaths)) {
      report.attempt(() => {
        for (const volume of spec.at("volumes").items()) {
          report.attempt(() => {
            refuseHostPath(volume.at("hostPath"), "the volume", report);
          });
        }
      });
    }
  },
});

function refuseHostPath(field: Field, subject: string, report: Report): void {
  if (field.present()) {
    report.violation(
      field,
      `mounts a directory of the node`,
      `make ${subject} an emptyDir, a claim or a projected volume`,
    );
  }
}

const noHostPorts = podRule(hostPorts, (pod, report) => {
  eachContainer(pod, report, (container) => {
    for (const port of container.field.at("ports").items()) {
      report.attempt(() => {
        const field = port.at("hostPort");
        const value = field.number();
        if (value)
          report.violation(field, `is ${String(value)} (${container.label})`, "remove hostPort and use a Service");
      });
    }
  });
});

const PROBES = ["livenessProbe", "readinessProbe", "startupProbe"].map((probe) => [probe]);
const HOOKS = ["postStart", "preStop"].map((hook) => ["lifecycle", hook]);

const noHostProbes = podRule(
  hostProbes,
  (pod, report) => {
    eachContainer(pod, report, (container) => {
      for (const handler of [...PROBES, ...HOOKS]) {
        for (const action of ["httpGet", "tcpSocket"]) {
          report.attempt(() => {
            const field = container.field.at(...handler, action, "host");
            const host = field.string();
            if (host)
              report.violation(field, `is "${host}" (${container.label})`, "remove host: the pod itself is meant");
          });
        }
      }
    });
  },
  ({ podSecurityMinor }) => podSecurityMinor >= 34,
);

const noHostProcess = podRule(hostProcess, (pod, report) => {
  eachSecurityContext(pod, report, ({ field: context, label }) => {
    const field = context.at("windowsOptions", "hostProcess");
    if (field.boolean()) report.violation(field, `is true${label}`, "remove hostProcess, or set it to false");
  });
});

export const hostRules: Rule[] = [noHostNamespaces, noPrivileged, noHostPath, noHostPorts, noHostProbes, noHostProcess];
