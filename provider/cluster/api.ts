import { fetchText, type TlsFiles } from "../waiting";

/** A Kubernetes object as far as this room looks into it. */
export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    resourceVersion?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
  };
  [field: string]: unknown;
}

interface ObjectList {
  metadata: { continue?: string };
  /** Items of a list don't say their kind. */
  items: { metadata: KubernetesObject["metadata"]; [field: string]: unknown }[];
}

/** The few requests that setting up a cluster takes, by the cluster's administrator. */
export class Api {
  constructor(
    readonly server: string,
    private readonly tls: TlsFiles,
  ) {}

  /** Server-side apply: creates the object or makes ours what we own of it. `path` is that of the collection. */
  async apply(path: string, object: KubernetesObject): Promise<void> {
    const query = "fieldManager=landing-zone&force=true";
    await this.send("PATCH", `${path}/${object.metadata.name}?${query}`, "application/apply-patch+yaml", object);
  }

  /** False when somebody else has changed or deleted the object meanwhile. */
  async replace(path: string, object: KubernetesObject): Promise<boolean> {
    const { status } = await this.send(
      "PUT",
      `${path}/${object.metadata.name}`,
      "application/json",
      object,
      [404, 409],
    );
    return status < 300;
  }

  async delete(path: string): Promise<void> {
    await this.send("DELETE", path, undefined, undefined, [404]);
  }

  /** Every object below a path, page by page. */
  async list(path: string, labelSelector = ""): Promise<ObjectList["items"]> {
    const items: ObjectList["items"] = [];
    let next: string | undefined = "";
    while (next !== undefined) {
      const query = new URLSearchParams({ limit: "500", labelSelector, continue: next });
      const { body } = await this.send("GET", `${path}?${query.toString()}`);
      const page = JSON.parse(body) as ObjectList;
      items.push(...page.items);
      next = page.metadata.continue === "" ? undefined : page.metadata.continue;
    }
    return items;
  }

  /** `group/version` in which the server prefers to serve a group. */
  async preferredVersion(group: string): Promise<string> {
    const { body } = await this.send("GET", `/apis/${group}`);
    return (JSON.parse(body) as { preferredVersion: { groupVersion: string } }).preferredVersion.groupVersion;
  }

  async kindOf(base: string, plural: string): Promise<string> {
    const { body } = await this.send("GET", base);
    const found = (JSON.parse(body) as { resources: { name: string; kind: string }[] }).resources.find(
      ({ name }) => name === plural,
    );
    if (found) return found.kind;
    throw new Error(`The API server has no resource "${plural}" in ${base}.`);
  }

  async isReady(): Promise<boolean> {
    const { status, body } = await fetchText(`${this.server}/readyz`, { tls: this.tls });
    if (status === 200) return true;
    const missing = body.match(/^\[-\](\S+)/gm)?.map((line) => line.slice(3)) ?? [];
    throw new Error(`/readyz answers ${status}, ${missing.length} checks left (${missing.slice(0, 2).join(", ")})`);
  }

  private async send(
    method: string,
    path: string,
    contentType?: string,
    body?: KubernetesObject,
    accepted: number[] = [],
  ) {
    const headers: Record<string, string> = contentType === undefined ? {} : { "content-type": contentType };
    const request = { tls: this.tls, method, headers, body: body && JSON.stringify(body), timeoutMilliseconds: 20_000 };
    const answer = await fetchText(`${this.server}${path}`, request);
    if (answer.status < 300 || accepted.includes(answer.status)) return answer;
    throw new Error(`${method} ${path.split("?", 1)[0]} answers ${answer.status}: ${statusMessage(answer.body)}`);
  }
}

/** The API server's own words; never a body that could be an object. */
function statusMessage(body: string): string {
  try {
    const status = JSON.parse(body) as { kind?: string; message?: string };
    return status.kind === "Status" ? (status.message ?? "") : "";
  } catch {
    return body.slice(0, 200);
  }
}
