import { request, type RequestOptions } from "node:https";
import { KubeConfig } from "@kubernetes/client-node";
import type { KubernetesObject } from "./graph";

/** Namespaced or not, and the plural of each kind that a test meets; discovered from the server. */
interface ResourceList {
  resources?: { name: string; kind: string; namespaced: boolean }[];
}

/**
 * The API server, byte for byte. The typed client drops fields that its models spell differently
 * (`x-kubernetes-int-or-string`) or do not know, so it can't show that a server accepts an object as it is.
 */
export class RawApi {
  private readonly config = new KubeConfig();
  private readonly discovered = new Map<string, ResourceList>();

  constructor(kubeconfig: string) {
    this.config.loadFromString(kubeconfig);
  }

  /** Server-side apply; unknown and duplicate fields are errors. */
  async apply(object: KubernetesObject): Promise<KubernetesObject> {
    const path = await this.path(object);
    const query = "?fieldManager=test&force=true&fieldValidation=Strict";
    return (await this.send("PATCH", path + query, object, "application/apply-patch+yaml")) as KubernetesObject;
  }

  async create(object: KubernetesObject): Promise<KubernetesObject> {
    const path = (await this.path(object)).replace(/\/[^/]*$/, "");
    return (await this.send("POST", path, object)) as KubernetesObject;
  }

  async get(apiVersion: string, kind: string, namespace: string, name: string): Promise<KubernetesObject> {
    return (await this.send(
      "GET",
      await this.path({ apiVersion, kind, metadata: { namespace, name } }),
    )) as KubernetesObject;
  }

  async list(apiVersion: string, kind: string, namespace: string): Promise<KubernetesObject[]> {
    const path = (await this.path({ apiVersion, kind, metadata: { namespace, name: "" } })).replace(/\/$/, "");
    return ((await this.send("GET", path)) as { items: KubernetesObject[] }).items;
  }

  private async path({ apiVersion, kind, metadata }: KubernetesObject): Promise<string> {
    const base = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    let known = this.discovered.get(base);
    if (known?.resources?.some((resource) => resource.kind === kind) !== true) {
      known = (await this.send("GET", base)) as ResourceList;
      this.discovered.set(base, known);
    }
    const found = known.resources?.find((resource) => resource.kind === kind && !resource.name.includes("/"));
    if (found === undefined) throw new Error(`the server has no kind ${kind} in ${apiVersion}`);
    const where = found.namespaced ? `/namespaces/${metadata?.namespace ?? "default"}` : "";
    return `${base}${where}/${found.name}/${metadata?.name ?? ""}`;
  }

  private async send(method: string, path: string, body?: object, type = "application/json"): Promise<unknown> {
    const url = new URL(path, this.config.getCurrentCluster()?.server);
    const options: RequestOptions = { method, headers: { "content-type": type } };
    await this.config.applyToHTTPSOptions(options);
    return new Promise((resolve, reject) => {
      const call = request(url, options, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () => {
          const text = Buffer.concat(chunks).toString("utf8");
          if ((response.statusCode ?? 500) < 300) resolve(JSON.parse(text));
          else reject(new Error(`${method} ${path}: ${String(response.statusCode)} ${text}`));
        });
      });
      call.on("error", reject);
      call.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }
}
