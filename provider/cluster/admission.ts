import type { ClusterInputs } from "./inputs";

/**
 * Pod Security for every namespace that has no labels of its own: without it a namespace that somebody forgets to label
 * admits privileged pods. The version is pinned, so that an upgrade of Kubernetes does not change what is admitted.
 */
export function admissionConfiguration({
  enforce,
  audit,
  warn,
  version,
  exemptNamespaces,
}: ClusterInputs["podSecurity"]): object {
  return {
    apiVersion: "apiserver.config.k8s.io/v1",
    kind: "AdmissionConfiguration",
    plugins: [
      {
        name: "PodSecurity",
        configuration: {
          apiVersion: "pod-security.admission.config.k8s.io/v1",
          kind: "PodSecurityConfiguration",
          defaults: {
            enforce,
            "enforce-version": version,
            audit,
            "audit-version": version,
            warn,
            "warn-version": version,
          },
          exemptions: { usernames: [], runtimeClasses: [], namespaces: exemptNamespaces },
        },
      },
    ],
  };
}
