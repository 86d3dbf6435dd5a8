import { Field, readOr, UnreadableField } from "./accessor";
import { isClusterScoped, isKubernetesGroup } from "./kinds";

/** What a policy is shown of a resource, in a resource policy and in a stack policy alike. */
export interface ResourceView {
  type: string;
  props: Record<string, unknown>;
  urn: string;
  name: string;
  provider?: { props: Record<string, unknown> } | undefined;
}

/** One Kubernetes object, whichever way it reached the program. */
export class KubernetesObject {
  readonly metadata: Field;

  constructor(
    readonly resource: ResourceView,
    readonly apiVersion: string,
    /** More than one only when the type of the resource and its `kind` disagree: then it is judged as both. */
    readonly kinds: readonly string[],
    readonly root: Field,
  ) {
    this.metadata = root.at("metadata");
  }

  get kind(): string {
    return this.kinds[0] ?? "";
  }

  get group(): string {
    return groupOf(this.apiVersion);
  }

  /** Group of Kubernetes itself, as opposed to a custom resource. */
  get isBuiltIn(): boolean {
    return isKubernetesGroup(this.group);
  }

  is(kind: string, ...groups: string[]): boolean {
    return this.kinds.includes(kind) && groups.includes(this.group);
  }

  get isClusterScoped(): boolean {
    return this.isBuiltIn && this.kinds.every((kind) => isClusterScoped(kind));
  }

  get name(): Field {
    return this.metadata.at("name");
  }

  /**
   * Where the object goes: its own namespace, else the default of its provider. Absent when neither says so, and then
   * the kubeconfig's context decides, which no policy can see.
   */
  get namespace(): Field {
    const own = this.metadata.at("namespace");
    if (own.isUnknown || own.present()) return own;
    const inherited = Field.of(this.resource.provider?.props, "provider").at("namespace");
    return inherited.mayBePresent ? inherited : own;
  }

  /** `Deployment fi-fhir/api`, with what is not known left out. */
  describe(): string {
    const namespace = this.isClusterScoped ? undefined : readOr(undefined, () => this.namespace.string());
    const name = readOr(undefined, () => this.name.string());
    return `${this.kind} ${[namespace, name].filter(Boolean).join("/") || `"${this.resource.name}"`}`;
  }
}

/** The objects that a resource writes: none for other resources, several for a List. */
export function objectsOf(resource: ResourceView): KubernetesObject[] {
  const root = Field.of(resource.props);
  const token = parseToken(resource.type);
  const declared = readOr(undefined, () => root.at("apiVersion").string());
  const declaredKind = readOr(undefined, () => root.at("kind").string());
  if (token.package !== "kubernetes" && !(declared && declaredKind)) return [];
  if (isInstaller(resource.type) || token.kind === "") return [];
  return expand(resource, root, declared ?? token.apiVersion, kindsOf(token, declaredKind), 0);
}

const MAX_NESTED_LISTS = 8;

function expand(
  resource: ResourceView,
  root: Field,
  apiVersion: string,
  kinds: readonly string[],
  depth: number,
): KubernetesObject[] {
  const listKind = kinds.find((kind) => kind.endsWith("List"));
  const items = root.at("items");
  if (!listKind || (depth > 0 && !items.mayBePresent)) return [new KubernetesObject(resource, apiVersion, kinds, root)];
  if (depth >= MAX_NESTED_LISTS) throw new UnreadableField(items.path, "malformed", "a list that ends");
  // An unknown list of items is reported by one control of its own (see rules/opaque), not by each of them.
  return readOr<Field[]>([], () => items.items()).flatMap((item) => {
    const itemApiVersion = readOr(undefined, () => item.at("apiVersion").string()) ?? apiVersion;
    const itemKind = readOr(undefined, () => item.at("kind").string()) ?? listKind.slice(0, -"List".length);
    return itemKind === "" ? [] : expand(resource, item, itemApiVersion, [itemKind], depth + 1);
  });
}

interface Token {
  package: string;
  apiVersion: string;
  kind: string;
}

function parseToken(type: string): Token {
  const [pack = "", module = "", kind = ""] = type.split(":");
  return { package: pack, apiVersion: module.replace(/^core\//, ""), kind };
}

function kindsOf(token: Token, declared: string | undefined): string[] {
  if (token.package !== "kubernetes") return declared ? [declared] : [];
  const typed = token.kind.replace(/(?<=.)Patch$/, "");
  // The generic class of @pulumi/kubernetes and others that pass any object through say nothing about its kind.
  const generic = ["CustomResource", "Resource", "Object", "Manifest"].includes(typed);
  if (declared === undefined) return [typed];
  return generic || typed === declared || token.kind === declared ? [declared] : [declared, typed];
}

/** Resources that install other objects: they are judged by the rules about opaque installs. */
export function isInstaller(type: string): boolean {
  return /^kubernetes:(helm\.sh|yaml|kustomize)([/:]|$)/.test(type);
}

export function groupOf(apiVersion: string): string {
  return apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "";
}
