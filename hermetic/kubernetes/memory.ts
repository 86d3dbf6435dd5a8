import type { JsonObject } from "../protocol/values";
import { groupOf, type ObjectKind, type ObjectRef } from "./identity";
import { managerOf } from "./ownership";
import { text } from "./objects";
import { MANAGER_KEY } from "./state/outputs";

/** What this run of the plugin has seen. Nothing in here is needed to be correct after a restart. */
export class Memory {
  private readonly ids = new Map<string, Set<string>>();
  private readonly managers = new Map<string, Set<string>>();
  private readonly imported = new Set<string>();
  private readonly changingKinds = new Set<string>();
  private readonly changingNamespaces = new Set<string>();
  private readonly said = new Set<string>();

  /** The engine's state holds this object under that URN. */
  sawInState(urn: string, id: string, state: JsonObject): void {
    entry(this.ids, urn).add(id);
    const manager = text(state, MANAGER_KEY);
    if (manager !== undefined) entry(this.managers, urn).add(manager);
  }

  isInState(urn: string, id: string): boolean {
    return this.ids.get(urn)?.has(id) ?? false;
  }

  /** Field managers under which a resource may have written its object. */
  managersOf(urn: string): ReadonlySet<string> {
    return new Set([managerOf(urn), ...(this.managers.get(urn) ?? [])]);
  }

  wasImported(urn: string): void {
    this.imported.add(urn);
  }

  /** True for the first diff after an import, which compares a program with an object that it did not write. */
  takeImported(urn: string): boolean {
    return this.imported.delete(urn);
  }

  /** This preview would change a definition: objects of its kind can't be checked against the one that is there. */
  willChangeKind(definition: JsonObject): void {
    const spec = definition.spec;
    this.changingKinds.add(`${text(spec, "group") ?? ""}/${text(spec, "names", "kind") ?? ""}`);
  }

  /** This preview would change what a namespace allows. */
  willChangeNamespace(namespace: string): void {
    this.changingNamespaces.add(namespace);
  }

  isKindChanging({ apiVersion, kind }: ObjectKind): boolean {
    return this.changingKinds.has(`${groupOf(apiVersion)}/${kind}`);
  }

  isNamespaceChanging({ namespace }: ObjectRef): boolean {
    return namespace !== undefined && this.changingNamespaces.has(namespace);
  }

  hasSaid(message: string): boolean {
    return this.said.has(message);
  }

  /** True the first time. */
  isNews(message: string): boolean {
    if (this.said.has(message)) return false;
    this.said.add(message);
    return true;
  }
}

function entry(map: Map<string, Set<string>>, key: string): Set<string> {
  const found = map.get(key) ?? new Set<string>();
  map.set(key, found);
  return found;
}
