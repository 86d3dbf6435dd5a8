import * as pulumi from "@pulumi/pulumi";
import { readDefinitions, type DefinitionsArgs } from "./definitions";
import { dependencies, registerObjects, type Registered } from "./register";

export interface CustomResourceDefinitionsArgs extends DefinitionsArgs {
  /**
   * Whether `destroy` leaves them in the cluster. Deleting a definition deletes every object of its kind, also those that
   * other programs made. @default false: the cluster is ours
   */
  readonly retainOnDelete?: boolean;
}

/** Custom resource definitions from a file, each a resource of its own. */
export class CustomResourceDefinitions extends pulumi.ComponentResource {
  readonly objects: readonly Registered[];
  /** For `dependsOn` of whatever uses their kinds. */
  readonly definitions: readonly pulumi.CustomResource[];

  /** @throws ArgumentError before anything is registered, when the file or a kind in it is missing */
  constructor(name: string, args: CustomResourceDefinitionsArgs, opts: pulumi.ComponentResourceOptions = {}) {
    const objects = readDefinitions(args);
    super(
      "fhir-landing-zone:charts:CustomResourceDefinitions",
      name,
      { source: args.source, kinds: args.kinds, groups: args.groups },
      opts,
    );
    const { retainOnDelete = false } = args;
    this.objects = registerObjects(name, objects, {
      parent: this,
      retainOnDelete,
      dependsOn: dependencies(opts.dependsOn),
    });
    this.definitions = this.objects.map(({ resource }) => resource);
    this.registerOutputs();
  }
}
