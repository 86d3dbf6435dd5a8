import { z } from "zod";
import { fetchText } from "../waiting";

/** How a Vault is reached. */
export interface Connection {
  /** https URL without a path. */
  address: string;
  /** PEM bundle, base64. */
  caBundle: string;
  /** Absent where none is needed. */
  token?: string;
}

/** Vault answered, but not with what was asked for. Its own words are in the message; tokens and values never are. */
export class VaultRefusal extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
    this.name = "VaultRefusal";
  }
}

const answerSchema = z.looseObject({
  errors: z.array(z.string()).optional(),
  data: z.record(z.string(), z.unknown()).nullish(),
});
type Answer = z.output<typeof answerSchema>;

/** The few requests that this project makes of Vault. */
export class VaultClient {
  private readonly ca: string;

  constructor(readonly connection: Connection) {
    this.ca = Buffer.from(connection.caBundle, "base64").toString();
  }

  /** The same Vault, as somebody else. */
  as(token: string): VaultClient {
    return new VaultClient({ ...this.connection, token });
  }

  /** `undefined` when there is nothing at the path. */
  async read(path: string): Promise<Record<string, unknown> | undefined> {
    const answer = await this.send("GET", path, undefined, [404]);
    return answer.data ?? undefined;
  }

  write(path: string, body: object): Promise<Answer> {
    return this.send("POST", path, body);
  }

  async delete(path: string): Promise<void> {
    await this.send("DELETE", path, undefined, [404]);
  }

  private async send(method: string, path: string, body?: object, accepted: number[] = []): Promise<Answer> {
    const { address, token } = this.connection;
    const answer = await fetchText(`${address}/v1/${path}`, {
      tls: { ca: this.ca },
      method,
      headers: { "x-vault-request": "true", ...(token === undefined ? {} : { "x-vault-token": token }) },
      body: body && JSON.stringify(body),
    });
    const parsed = parseAnswer(answer.body);
    if (answer.status < 300 || accepted.includes(answer.status)) return parsed;
    // Vault lists its reasons over several lines; here they are part of a sentence.
    const words = (parsed.errors ?? [])
      .join("; ")
      .replace(/\s+/g, " ")
      .replace(/\d+ errors? occurred: \* /, "")
      .trim();
    throw new VaultRefusal(
      answer.status,
      `Vault at ${address} answers ${answer.status} to ${method} ${path}${words === "" ? "" : `: ${words}`}`,
    );
  }

  /** What Vault says of itself; it answers with different status codes for different conditions, all of them valid. */
  async health(): Promise<Health> {
    const { status, body } = await fetchText(`${this.connection.address}/v1/sys/health`, { tls: { ca: this.ca } });
    const health = healthSchema.safeParse(jsonOrUndefined(body));
    if (health.success) return health.data;
    throw new VaultRefusal(status, `${this.connection.address} answers ${status}, but not as Vault does`);
  }
}

const healthSchema = z.object({ initialized: z.boolean(), sealed: z.boolean(), cluster_id: z.string().optional() });
export type Health = z.output<typeof healthSchema>;

function parseAnswer(body: string): Answer {
  return answerSchema.safeParse(jsonOrUndefined(body)).data ?? {};
}

function jsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // an empty answer, or not Vault's
  }
}
