import { request } from "node:https";
import { request as requestPlain } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

/** Resolves to true when ready; false or an error means "not yet", with the error's message as the reason. */
export type Probe = () => Promise<boolean>;

export interface TlsFiles {
  /** PEM contents, not paths. */
  ca?: string;
  cert?: string;
  key?: string;
}

export interface WaitOptions {
  /** For messages: `Vault`, `kube-apiserver`. */
  what: string;
  signal: AbortSignal;
  timeoutSeconds: number;
  /** Called about once a second with the elapsed seconds and the last reason. */
  onWait?: (elapsedSeconds: number, reason: string) => void;
  /** Looked at before each attempt: a reason why waiting is pointless (the process died), which ends it. */
  hopeless?: () => string | undefined;
  /** For a URL with https. */
  tls?: TlsFiles;
  intervalMilliseconds?: number;
}

/** Waits until the URL answers 2xx or the probe says so. */
export async function waitUntilReady(probe: string | Probe, options: WaitOptions): Promise<void> {
  const attempt = typeof probe === "string" ? () => answersOk(probe, options.tls) : probe;
  const start = Date.now();
  const elapsed = () => (Date.now() - start) / 1000;
  let lastNotice = 0;
  for (;;) {
    if (options.signal.aborted) throw new Error(`Cancelled while waiting for ${options.what}.`);
    const hopeless = options.hopeless?.();
    if (hopeless !== undefined) throw new Error(hopeless);
    const reason = await tryOnce(attempt);
    if (reason === undefined) return;
    if (elapsed() > options.timeoutSeconds) {
      throw new Error(`${options.what} is not ready after ${options.timeoutSeconds} s: ${reason}`);
    }
    if (elapsed() - lastNotice >= 1) {
      lastNotice = elapsed();
      options.onWait?.(Math.round(elapsed()), reason);
    }
    // An abort ends the pause at once; the loop then reports it.
    await sleep(options.intervalMilliseconds ?? 100, undefined, { signal: options.signal }).catch(() => undefined);
  }
}

/** `undefined` when ready, otherwise why not. */
async function tryOnce(attempt: Probe): Promise<string | undefined> {
  try {
    return (await attempt()) ? undefined : "not ready yet";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function answersOk(url: string, tls: TlsFiles = {}): Promise<boolean> {
  const { status, body } = await fetchText(url, { tls });
  if (status >= 200 && status < 300) return true;
  throw new Error(`${url} answers ${status} ${body.slice(0, 200)}`.trimEnd());
}

/** One request to a server of ours whose certificate is signed by a private authority (which `fetch` can't be told). */
export function fetchText(
  url: string,
  options: {
    tls?: TlsFiles;
    method?: string;
    headers?: Record<string, string>;
    body?: string;
    timeoutMilliseconds?: number;
  } = {},
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const send = url.startsWith("https:") ? request : requestPlain;
    const timeout = options.timeoutMilliseconds ?? 5000;
    const call = send(
      url,
      { ...options.tls, method: options.method ?? "GET", headers: options.headers ?? {}, agent: false, timeout },
      (response) => {
        let body = "";
        response.setEncoding("utf8");
        response.on("data", (part: string) => (body += part));
        response.on("end", () => resolve({ status: response.statusCode ?? 0, body }));
        response.on("error", reject);
      },
    );
    call.on("timeout", () => call.destroy(new Error(`${url} does not answer within ${timeout} ms`)));
    call.on("error", reject);
    call.end(options.body);
  });
}
