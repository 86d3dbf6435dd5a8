import { isObject } from "../../protocol/values";
import type { ObjectKind } from "../identity";
import { list, text } from "../objects";
import { ApiError, UnknownKind } from "./errors";
import type { Transport } from "./transport";

/** How the server serves a kind. */
export interface ServedKind {
  plural: string;
  namespaced: boolean;
}

const MISS_HOLDS_MS = 1000; // many objects of one missing kind ask at the same time: one answer serves them all

/** Which kinds the server has: asked once per group and version, again when a kind is missing (a CRD may be new). */
export class Discovery {
  private readonly known = new Map<string, { kinds: Promise<Map<string, ServedKind>>; asked: number }>();

  constructor(private readonly transport: Transport) {}

  /** @throws UnknownKind */
  async find({ apiVersion, kind }: ObjectKind): Promise<ServedKind> {
    const cached = this.known.get(apiVersion);
    const found = cached && (await cached.kinds).get(kind);
    if (found) return found;
    const fresh = cached && Date.now() - cached.asked < MISS_HOLDS_MS ? cached.kinds : this.ask(apiVersion);
    const served = (await fresh).get(kind);
    if (!served) throw new UnknownKind(apiVersion, kind);
    return served;
  }

  private ask(apiVersion: string): Promise<Map<string, ServedKind>> {
    const kinds = this.load(apiVersion);
    this.known.set(apiVersion, { kinds, asked: Date.now() });
    kinds.catch(() => this.known.delete(apiVersion)); // a server that did not answer may answer the next time
    return kinds;
  }

  private async load(apiVersion: string): Promise<Map<string, ServedKind>> {
    const path = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const { status, body } = await this.transport.send({ method: "GET", path });
    if (status === 404) return new Map();
    if (status !== 200) throw new ApiError(status, body);
    const kinds = new Map<string, ServedKind>();
    for (const resource of list(body, "resources").filter(isObject)) {
      const plural = text(resource, "name") ?? "";
      // `pods/eviction` and its like are doors of a resource, not kinds of their own.
      if (plural.includes("/")) continue;
      kinds.set(text(resource, "kind") ?? "", { plural, namespaced: resource.namespaced === true });
    }
    return kinds;
  }

  forget(): void {
    this.known.clear();
  }
}
