import * as pulumi from "@pulumi/pulumi";
import { dependencies, registerObjects, type Registered } from "./register";
import { renderChart, type RenderChartArgs } from "./render";

export type RenderedChartArgs = RenderChartArgs;

/** A chart whose every object is a resource of its own, known at preview whether the cluster exists or not. */
export class RenderedChart extends pulumi.ComponentResource {
  /** The objects with their resources, definitions first, namespaces next. */
  readonly objects: readonly Registered[];

  /** @throws ArgumentError before anything is registered, when the chart can't be had or rendered as asked */
  constructor(name: string, args: RenderedChartArgs, opts: pulumi.ComponentResourceOptions = {}) {
    const { objects, digest } = renderChart(args);
    const { chart, namespace, kubernetesVersion, values } = args;
    super(
      "fhir-landing-zone:charts:RenderedChart",
      name,
      { chart, digest, namespace, kubernetesVersion, values },
      opts,
    );
    this.objects = registerObjects(name, objects, { parent: this, dependsOn: dependencies(opts.dependsOn) });
    this.registerOutputs();
  }

  /** The resource of an object, for `dependsOn` and the like. @throws Error when the chart has no such object */
  get(kind: string, objectName: string): pulumi.CustomResource {
    const found = this.objects.find(({ object }) => object.kind === kind && object.metadata.name === objectName);
    if (found) return found.resource;
    const names = this.objects.map(({ object }) => `${object.kind}/${object.metadata.name}`).join(", ");
    throw new Error(`The chart has no ${kind}/${objectName}; it has: ${names}`);
  }
}
