import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

/** A password as somebody might paste it; tests search for it where it must not appear. */
export const PLANTED_PASSWORD = "pl4nted-Passw0rd-in-clear";

interface Pod {
  containers: { name: string; image: string; env?: unknown[]; securityContext?: Record<string, unknown> }[];
  volumes?: unknown[];
}

/** Ways in which a change to fi-fhir could make it insecure; each is what a pull request might do. */
export const mutations = {
  privileged: (pod: Pod) => {
    for (const container of pod.containers)
      container.securityContext = { ...container.securityContext, privileged: true };
  },
  hostPath: (pod: Pod) => {
    pod.volumes = [...(pod.volumes ?? []), { name: "host", hostPath: { path: "/var/run" } }];
  },
  latest: (pod: Pod) => {
    for (const container of pod.containers)
      container.image = container.image.replace(/(@sha256:.*|:[^:/]*)$/, "") + ":latest";
  },
  unknownField: (pod: Pod) => {
    const unknown = new random.RandomInteger("not-known-yet", { min: 0, max: 1 }).result.apply((number) => number > 0);
    for (const container of pod.containers)
      container.securityContext = { ...container.securityContext, allowPrivilegeEscalation: unknown };
  },
  password: (pod: Pod) => {
    for (const container of pod.containers) {
      container.env = [...(container.env ?? []), { name: "DATABASE_PASSWORD", value: PLANTED_PASSWORD }];
    }
  },
} as const;

export type Mutation = keyof typeof mutations;

/** Applies a mutation to the Deployment of fi-fhir in the program that is registered after this call. */
export function mutateFiFhir(mutation: Mutation): void {
  pulumi.runtime.registerStackTransformation(({ type, props, opts }) => {
    const deployment = props as { metadata?: { name?: string }; spec?: { template?: { spec?: Pod } } };
    if (type !== "kubernetes:apps/v1:Deployment" || deployment.metadata?.name !== "fi-fhir") return undefined;
    const pod = deployment.spec?.template?.spec;
    if (!pod?.containers)
      throw new Error("the Deployment of fi-fhir is not made of plain values: the mutation can't be applied");
    mutations[mutation](pod);
    return { props, opts };
  });
}
