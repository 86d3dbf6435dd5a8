import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import type { AuditPolicy } from "../../components/hardening/auditPolicy";
import type { Diff, Log } from "../../hermetic/protocol/provider";
import { isSecret, plainObject, type JsonObject } from "../../hermetic/protocol/values";
import { removeCluster } from "../../provider/cluster/cluster";
import { PROGRAMS, type Program } from "../../provider/cluster/daemons";
import { clusterHandler } from "../../provider/cluster/handler";
import { layoutOf, type Layout, type Ports } from "../../provider/cluster/layout";
import { findDaemon } from "../../provider/processes";
import { fetchText, type TlsFiles } from "../../provider/waiting";

export interface TestClusterInputs {
  name: string;
  auditPolicy: AuditPolicy | string;
  directory?: string;
  kubernetesVersion?: string;
  nodes?: { kind: string; count?: number };
  encryption?: { resources?: string[]; generation?: number };
  [unknown: string]: unknown;
}

export interface Answer {
  status: number;
  body: string;
  /** The body, parsed. */
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the test names what it looks at
  json: <T>() => T;
}

/** A project folder of its own; clusters of a test live below it, as those of a clone below the clone. */
export class TestRoot {
  readonly path = mkdtempSync(join(tmpdir(), "embedded-test-"));
  private readonly clusters: TestCluster[] = [];

  constructor() {
    process.env.LANDING_ZONE_ROOT = this.path;
  }

  cluster(inputs: TestClusterInputs): TestCluster {
    const cluster = new TestCluster(this.path, inputs);
    this.clusters.push(cluster);
    return cluster;
  }

  /** Also after a failed test: nothing goes on running. */
  async dispose(): Promise<void> {
    await Promise.all(this.clusters.map(({ directory }) => removeCluster(directory)));
    rmSync(this.path, { recursive: true, force: true });
    delete process.env.LANDING_ZONE_ROOT;
  }
}

/** Drives the handler of `landingzone:embedded:Cluster` as the engine does, without the engine. */
export class TestCluster {
  readonly directory: string;
  readonly layout: Layout;
  /** Everything that a person at the terminal saw. */
  readonly messages: string[] = [];
  /** Called with each status line. */
  onStatus: (message: string) => void = () => undefined;
  state: JsonObject = {};
  private inputs: JsonObject = {};

  constructor(
    root: string,
    private wanted: TestClusterInputs,
  ) {
    this.directory = join(root, wanted.directory ?? `.landing-zone/clusters/${wanted.name}`);
    this.layout = layoutOf(this.directory);
  }

  private get call() {
    const urn = `urn:pulumi:test::test::landingzone:embedded:Cluster::${this.wanted.name}`;
    return { urn, type: "landingzone:embedded:Cluster", name: this.wanted.name, id: this.wanted.name, timeout: 60 };
  }

  private get handler() {
    const tell = (message: string): void => {
      this.messages.push(message);
      this.onStatus(message);
    };
    const log: Log = { debug: tell, info: tell, warn: tell, status: tell };
    return clusterHandler(log);
  }

  /** Checked inputs. @throws what check complains about */
  async check(change: Partial<TestClusterInputs> = {}): Promise<JsonObject> {
    const newInputs = { ...this.wanted, ...change } as unknown as JsonObject;
    const randomSeed = new Uint8Array();
    const signal = new AbortController().signal;
    const { inputs, failures } = await this.handler.check({
      ...this.call,
      signal,
      oldInputs: this.inputs,
      newInputs,
      randomSeed,
    });
    if (failures.length > 0)
      throw new Error(failures.map(({ property, reason }) => `${property}: ${reason}`).join("\n"));
    return inputs;
  }

  async create({ preview = false, signal = new AbortController().signal } = {}): Promise<JsonObject> {
    const inputs = await this.check();
    const { state } = await this.handler.create({ ...this.call, signal, inputs, preview });
    if (preview) return state;
    this.inputs = inputs;
    return (this.state = state);
  }

  async diff(change: Partial<TestClusterInputs> = {}): Promise<Diff["changes"]> {
    const diffCall = { ...(await this.updateCall(change)), ignoreChanges: [] };
    return (await this.handler.diff(diffCall)).changes;
  }

  async update(change: Partial<TestClusterInputs> = {}, { preview = false } = {}): Promise<JsonObject> {
    const call = await this.updateCall(change);
    const state = await this.handler.update({ ...call, preview });
    if (preview) return state;
    this.wanted = { ...this.wanted, ...change };
    this.inputs = call.newInputs;
    return (this.state = state);
  }

  private async updateCall(change: Partial<TestClusterInputs>) {
    const newInputs = await this.check(change);
    const signal = new AbortController().signal;
    return { ...this.call, signal, oldInputs: this.inputs, newInputs, state: this.state, ignoreChanges: [] };
  }

  read() {
    const signal = new AbortController().signal;
    return this.handler.read({ ...this.call, signal, inputs: this.inputs, state: this.state });
  }

  delete(): Promise<void> {
    const signal = new AbortController().signal;
    return this.handler.delete({ ...this.call, signal, inputs: this.inputs, state: this.state });
  }

  /** The kubeconfig output; it must be marked as secret. */
  get kubeconfig(): string {
    if (!isSecret(this.state.kubeconfig)) throw new Error("kubeconfig is not secret");
    return this.output("kubeconfig");
  }

  /** A text among the outputs. */
  output(name: string): string {
    const value = plainObject(this.state)[name];
    if (typeof value !== "string") throw new Error(`output ${name} is no text`);
    return value;
  }

  /** Trusts the API server and shows no identity. */
  get stranger(): TlsFiles {
    return { ca: Buffer.from(this.output("certificateAuthority"), "base64").toString() };
  }

  get ports(): Ports {
    return JSON.parse(readFileSync(this.layout.ports, "utf8")) as Ports;
  }

  /** Process of each program that lives. */
  get pids(): Partial<Record<Program, number>> {
    return Object.fromEntries(PROGRAMS.map((name) => [name, findDaemon(this.directory, name)?.pid]));
  }

  /** A request to the API server with the identity in the kubeconfig output. */
  async api(method: string, path: string, body?: object): Promise<Answer> {
    const config = parse(this.kubeconfig) as {
      clusters: [{ cluster: { server: string; "certificate-authority-data": string } }];
      users: [{ user: { "client-certificate-data": string; "client-key-data": string } }];
    };
    const [{ cluster }] = config.clusters;
    const [{ user }] = config.users;
    const text = (base64: string): string => Buffer.from(base64, "base64").toString();
    const tls = {
      ca: text(cluster["certificate-authority-data"]),
      cert: text(user["client-certificate-data"]),
      key: text(user["client-key-data"]),
    };
    return send(`${cluster.server}${path}`, tls, method, body);
  }

  /** The value that etcd itself holds for a key. */
  async etcdValue(key: string): Promise<string> {
    const pki = (file: string): string => readFileSync(join(this.layout.pki, file), "utf8");
    const tls = { ca: pki("etcd-ca.crt"), cert: pki("etcd-client.crt"), key: pki("etcd-client.key") };
    const url = `https://127.0.0.1:${this.ports.etcd}/v3/kv/range`;
    const answer = await send(url, tls, "POST", { key: Buffer.from(key).toString("base64") });
    const [found] = answer.json<{ kvs?: { value: string }[] }>().kvs ?? [];
    if (!found) throw new Error(`etcd has no key ${key}: ${answer.body}`);
    return Buffer.from(found.value, "base64").toString("latin1");
  }
}

export async function send(url: string, tls: TlsFiles, method: string, body?: object, token?: string): Promise<Answer> {
  const headers: Record<string, string> = { "content-type": "application/json" };
  if (token !== undefined) headers.authorization = `Bearer ${token}`;
  const answer = await fetchText(url, { tls, method, headers, body: body && JSON.stringify(body) });
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- as above
  return { ...answer, json: <T>() => JSON.parse(answer.body) as T };
}
