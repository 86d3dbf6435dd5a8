import { isObject, type JsonObject } from "../../protocol/values";
import { groupOf, type ObjectKind, type ObjectRef } from "../identity";
import { list as listOf, text } from "../objects";
import { Discovery } from "./discovery";
import { ApiError, isNotFound } from "./errors";
import type { HttpRequest, HttpResponse, Transport } from "./transport";

export interface ApplyOptions {
  manager: string;
  force?: boolean;
  dryRun?: boolean;
}

export interface Written {
  object: JsonObject;
  /** True: the object was not there before. */
  created: boolean;
  warnings: string[];
}

/** The few verbs that the plugin needs, on any kind. */
export class Client {
  readonly discovery: Discovery;

  constructor(private readonly transport: Transport) {
    this.discovery = new Discovery(transport);
  }

  get server(): string {
    return this.transport.server;
  }

  /** `undefined`: there is no such object. */
  async get(ref: ObjectRef, signal?: AbortSignal): Promise<JsonObject | undefined> {
    try {
      return (await this.send({ method: "GET", path: await this.path(ref), ...(signal ? { signal } : {}) })).body;
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  /** Server-side apply. */
  async apply(ref: ObjectRef, body: JsonObject, { manager, force, dryRun }: ApplyOptions): Promise<Written> {
    const query = new URLSearchParams({ fieldManager: manager, fieldValidation: "Strict" });
    if (force) query.set("force", "true");
    if (dryRun) query.set("dryRun", "All");
    const path = `${await this.path(ref)}?${query.toString()}`;
    const answer = await this.send({ method: "PATCH", path, body, contentType: "application/apply-patch+yaml" });
    return { object: answer.body, created: answer.status === 201, warnings: answer.warnings };
  }

  /** Asks whether the server would take this as a new object; throws its answer when not. */
  async dryRunCreate(ref: ObjectRef, body: JsonObject, manager: string): Promise<Written> {
    const query = new URLSearchParams({ fieldManager: manager, fieldValidation: "Strict", dryRun: "All" });
    const path = `${await this.collection(ref, ref.namespace)}?${query.toString()}`;
    const answer = await this.send({ method: "POST", path, body, contentType: "application/json" });
    return { object: answer.body, created: true, warnings: answer.warnings };
  }

  async delete(ref: ObjectRef, propagationPolicy: string): Promise<void> {
    const body = { apiVersion: "v1", kind: "DeleteOptions", propagationPolicy };
    await this.send({ method: "DELETE", path: await this.path(ref), body, contentType: "application/json" });
  }

  async list(kind: ObjectKind, namespace: string | undefined, labelSelector?: string): Promise<JsonObject[]> {
    const query = labelSelector === undefined ? "" : `?${new URLSearchParams({ labelSelector }).toString()}`;
    const { body } = await this.send({ method: "GET", path: (await this.collection(kind, namespace)) + query });
    return listOf(body, "items").filter(isObject);
  }

  /** The server's name for an object in its own messages: `deployments.apps "web"`. */
  async serverName(ref: ObjectRef): Promise<string> {
    const { plural } = await this.discovery.find(ref);
    const group = groupOf(ref.apiVersion);
    return `${group === "" ? plural : `${plural}.${group}`} "${ref.name}"`;
  }

  private async path(ref: ObjectRef): Promise<string> {
    return `${await this.collection(ref, ref.namespace)}/${encodeURIComponent(ref.name)}`;
  }

  private async collection(kind: ObjectKind, namespace: string | undefined): Promise<string> {
    const { plural, namespaced } = await this.discovery.find(kind);
    const root = kind.apiVersion.includes("/") ? `/apis/${kind.apiVersion}` : `/api/${kind.apiVersion}`;
    const place = namespaced && namespace !== undefined ? `/namespaces/${encodeURIComponent(namespace)}` : "";
    return `${root}${place}/${plural}`;
  }

  private async send(request: HttpRequest): Promise<HttpResponse> {
    const answer = await this.transport.send(request);
    if (answer.status >= 200 && answer.status < 300 && text(answer.body, "status") !== "Failure") return answer;
    throw new ApiError(answer.status, answer.body);
  }
}
