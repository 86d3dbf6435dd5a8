import http from "node:http";
import https from "node:https";
import type { Socket } from "node:net";
import type { KubeConfig } from "@kubernetes/client-node/dist/config.js";
import { isObject, type JsonObject } from "../../protocol/values";
import { Unreachable } from "./errors";

export interface HttpRequest {
  method: "GET" | "POST" | "PATCH" | "DELETE";
  /** With the query. */
  path: string;
  body?: JsonObject;
  contentType?: string;
  signal?: AbortSignal;
}

export interface HttpResponse {
  status: number;
  body: JsonObject;
  /** Texts of the server's `Warning` headers: deprecations, Pod Security findings. */
  warnings: string[];
}

const CONNECT_TIMEOUT_MS = 5000;
const MAX_CONNECTIONS = 16; // enough for the engine's parallelism; more would only queue in the API server

/** Keep-alive HTTP to one API server with the credentials of a kubeconfig. */
export class Transport {
  readonly server: string;
  private agent: http.Agent | undefined;

  constructor(
    private readonly kubeconfig: KubeConfig,
    private readonly timeoutMs: number,
  ) {
    const cluster = kubeconfig.getCurrentCluster();
    if (!cluster) throw new Error(`the kubeconfig has no cluster for its current context`);
    this.server = cluster.server;
  }

  async send(request: HttpRequest): Promise<HttpResponse> {
    const options = await this.options(request);
    try {
      return await exchange(options, request);
    } catch (error) {
      // The server may close an idle connection at the very moment it is used again: that says nothing about the server.
      if (error instanceof StaleConnection)
        return exchange(options, request).catch((again: unknown) => this.fail(again));
      return this.fail(error);
    }
  }

  private fail(error: unknown): never {
    if (error instanceof Error && error.name === "AbortError") throw error;
    throw new Unreachable(this.server, error instanceof Error ? error : new Error(String(error)));
  }

  private async options({ method, path, contentType, signal }: HttpRequest): Promise<https.RequestOptions> {
    // Asked each time: tokens of exec plugins and token files expire.
    const credentials: https.RequestOptions = { headers: {} };
    await this.kubeconfig.applyToHTTPSOptions(credentials);
    const { agent: own, headers, auth, ca, cert, key, rejectUnauthorized, servername } = credentials;
    const tls: https.AgentOptions = {
      ...(ca && { ca }),
      ...(cert && { cert }),
      ...(key && { key }),
      ...(servername && { servername }),
    };
    if (rejectUnauthorized !== undefined) tls.rejectUnauthorized = rejectUnauthorized;
    const url = new URL(this.server);
    return {
      protocol: url.protocol,
      hostname: url.hostname.replace(/^\[|\]$/g, ""),
      port: url.port,
      path: url.pathname.replace(/\/$/, "") + path,
      method,
      timeout: this.timeoutMs,
      agent: (this.agent ??= this.makeAgent(own as http.Agent, tls)),
      ...(auth ? { auth } : {}),
      ...(signal ? { signal } : {}),
      headers: {
        ...(headers as http.OutgoingHttpHeaders),
        Accept: "application/json",
        "User-Agent": "pulumi-kubernetes-hermetic",
        ...(contentType === undefined ? {} : { "Content-Type": contentType }),
      },
    };
  }

  /** The kubeconfig's own agent closes each connection after use; only its proxies are not ours to build. */
  private makeAgent(own: http.Agent, tls: https.AgentOptions): http.Agent {
    if (this.kubeconfig.getCurrentCluster()?.proxyUrl) return own;
    const common = { keepAlive: true, maxSockets: MAX_CONNECTIONS };
    return this.server.startsWith("http:") ? new http.Agent(common) : new https.Agent({ ...tls, ...common });
  }
}

class StaleConnection extends Error {}

function exchange(options: https.RequestOptions, { body }: HttpRequest): Promise<HttpResponse> {
  const payload = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
  // Said explicitly: node sends a DELETE's body without any length otherwise, and the server takes it for another request.
  const given = options.headers as http.OutgoingHttpHeaders | undefined;
  const headers = { ...given, ...(payload && { "Content-Length": payload.length }) };
  return new Promise((resolve, reject) => {
    const request = (options.protocol === "http:" ? http : https).request({ ...options, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        resolve({
          status: response.statusCode ?? 0,
          body: parse(Buffer.concat(chunks).toString("utf8")),
          warnings: warningTexts(response.rawHeaders),
        });
      });
    });
    request.on("socket", (socket) => limitConnecting(socket, request));
    request.on("timeout", () => request.destroy(new Error(`no answer within ${String(options.timeout)} ms`)));
    request.on("error", (error: NodeJS.ErrnoException) => {
      const stale = request.reusedSocket && (error.code === "ECONNRESET" || error.code === "EPIPE");
      reject(stale ? new StaleConnection(error.message) : error);
    });
    request.end(payload);
  });
}

/** A host that swallows packets answers nothing at all: it must not take the whole time of a request. */
function limitConnecting(socket: Socket, request: http.ClientRequest): void {
  if (!socket.connecting) return;
  const give = () => request.destroy(new Error(`no connection within ${String(CONNECT_TIMEOUT_MS)} ms`));
  const timer = setTimeout(give, CONNECT_TIMEOUT_MS);
  for (const event of ["connect", "close"]) socket.once(event, () => clearTimeout(timer));
}

function parse(answer: string): JsonObject {
  try {
    const value: unknown = JSON.parse(answer);
    return isObject(value) ? value : {};
  } catch {
    // Plain text comes from proxies and from the API server before it is ready.
    return { message: answer.trim() };
  }
}

/** `299 - "text"` of each header; several may be joined in one. */
export function warningTexts(rawHeaders: readonly string[]): string[] {
  const texts: string[] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    if (rawHeaders[i]?.toLowerCase() !== "warning") continue;
    for (const [, quoted] of (rawHeaders[i + 1] ?? "").matchAll(/\b299 \S+ "((?:[^"\\]|\\.)*)"/g)) {
      texts.push((quoted ?? "").replace(/\\(.)/g, "$1"));
    }
  }
  return texts;
}
