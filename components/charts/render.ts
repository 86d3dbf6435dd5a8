import { chartEntry, type ChartOverride } from "./catalogue";
import { defaultContext, type RenderContext } from "./context";
import { withoutHooks, type HookHandling } from "./hooks";
import { checkUnique, type KubernetesObject } from "./object";
import { inOrder } from "./order";
import { definedScopes, withNamespaces, type Scope } from "./scope";
import { chartSource } from "./source";
import { template } from "./template";
import { canonicalValues, type PlainObject } from "./values";

export interface RenderChartArgs {
  /** Name in charts.yaml. */
  readonly chart: string;
  /** Values over the chart's own. Plain ones: an Output would hide the chart from the preview. */
  readonly values: PlainObject;
  /** Namespace of the release, written into every object that needs one. */
  readonly namespace: string;
  /** Version of the cluster, `1.36` or `1.36.3`: what `.Capabilities.KubeVersion` says. */
  readonly kubernetesVersion: string;
  /** @default the chart's name: it is in the names of most objects */
  readonly releaseName?: string;
  /** Where the stack's configuration points the chart to (`charts.<name>`). @default what charts.yaml pins */
  readonly override?: ChartOverride | undefined;
  /** Keeps only what it returns true for. @default everything */
  readonly only?: (object: KubernetesObject) => boolean;
  /** How each helm hook is handled, by `Kind/name` or by moment. @default none: a hook nobody knows of is an error */
  readonly hooks?: Readonly<Record<string, HookHandling>>;
  /** Whether the chart's `crds/` folder counts. @default true */
  readonly includeCrds?: boolean;
  /** APIs that `.Capabilities.APIVersions` has besides Kubernetes' own. @default none */
  readonly apiVersions?: readonly string[];
  /** Scopes of custom kinds, by `group/Kind`, whose definition is not in the chart. @default none */
  readonly scopes?: Readonly<Record<string, Scope>>;
}

export interface Rendering {
  readonly objects: readonly KubernetesObject[];
  /** Digest of what was rendered. */
  readonly digest: string;
}

/**
 * Renders a chart into plain objects: definitions first, namespaces next, then the rest, always in the same order.
 *
 * @throws ArgumentError before anything is registered, when anything about it is wrong
 */
export function renderChart(args: RenderChartArgs, context: RenderContext = defaultContext()): Rendering {
  const entry = chartEntry(context.catalogue, args.chart);
  const values = canonicalValues(args.chart, args.values);
  const source = chartSource(entry, args.override ?? {}, context);
  const where = `chart "${args.chart}"`;
  const all = template(entry, source, values, args, context);
  const wanted = withoutHooks(args.chart, all.filter(args.only ?? (() => true)), args.hooks ?? {});
  const objects = withNamespaces(args.chart, wanted, args.namespace, { ...definedScopes(all), ...args.scopes });
  checkUnique(where, objects);
  return { objects: inOrder(objects), digest: source.digest };
}
