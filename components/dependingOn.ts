import type * as pulumi from "@pulumi/pulumi";

/** A component does not hand its dependsOn to its children: spread this into the options of those that must wait. */
export function dependingOn(
  opts: pulumi.ComponentResourceOptions | undefined,
): Pick<pulumi.ResourceOptions, "dependsOn"> {
  return opts?.dependsOn === undefined ? {} : { dependsOn: opts.dependsOn };
}

/** The same, with more to wait for. */
export function dependingAlsoOn(
  opts: pulumi.ComponentResourceOptions | undefined,
  ...more: pulumi.Resource[]
): { dependsOn: pulumi.Input<pulumi.Resource>[] } {
  const given = opts?.dependsOn;
  if (given === undefined) return { dependsOn: more };
  if (Array.isArray(given)) return { dependsOn: [...given, ...more] };
  return { dependsOn: [given as pulumi.Input<pulumi.Resource>, ...more] };
}
