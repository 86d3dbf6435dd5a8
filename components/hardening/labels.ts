/** Value of `app.kubernetes.io/part-of` and friends: the recommended labels, in one place. */
export interface WorkloadLabels {
  /** `app.kubernetes.io/name`: what policies, Services and NetworkPolicies select. */
  name: string;
  /** `app.kubernetes.io/part-of`: the system. @default `name` */
  partOf?: string;
  /** `app.kubernetes.io/component`: the role inside the system. */
  component?: string;
}

/** Labels that a selector uses: only what never changes, because a Deployment's selector is immutable. */
export function selectorLabels(labels: Pick<WorkloadLabels, "name">): Record<string, string> {
  return { "app.kubernetes.io/name": labels.name };
}

/** All recommended labels of an object. */
export function objectLabels(labels: WorkloadLabels): Record<string, string> {
  return {
    ...selectorLabels(labels),
    "app.kubernetes.io/part-of": labels.partOf ?? labels.name,
    ...(labels.component === undefined ? {} : { "app.kubernetes.io/component": labels.component }),
    "app.kubernetes.io/managed-by": "pulumi",
  };
}
