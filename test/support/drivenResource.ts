import type { Diff, Log } from "../../hermetic/protocol/provider";
import { plainObject, type JsonObject } from "../../hermetic/protocol/values";
import type { HandlerFactory } from "../../provider/handler";

/** One resource of the plugin `landingzone`, driven as the engine drives it, without the engine. */
export class DrivenResource {
  /** Everything that a person at the terminal saw. */
  readonly messages: string[] = [];
  state: JsonObject = {};
  private inputs: JsonObject = {};
  private id = "";

  constructor(
    private readonly factory: HandlerFactory,
    private wanted: JsonObject,
    private readonly name = "test",
  ) {}

  private get call() {
    const type = "landingzone:test:Resource";
    const urn = `urn:pulumi:test::test::${type}::${this.name}`;
    return { urn, type, name: this.name, id: this.id, timeout: 60, signal: new AbortController().signal };
  }

  private get handler() {
    const tell = (message: string): void => void this.messages.push(message);
    const log: Log = { debug: tell, info: tell, warn: tell, status: tell };
    return this.factory(log);
  }

  /** The state with its secrets in clear text. */
  get outputs(): JsonObject {
    return plainObject(this.state);
  }

  /** Checked inputs. @throws what check complains about */
  async check(change: JsonObject = {}): Promise<JsonObject> {
    const newInputs = { ...this.wanted, ...change };
    const randomSeed = new Uint8Array();
    const { inputs, failures } = await this.handler.check({
      ...this.call,
      oldInputs: this.inputs,
      newInputs,
      randomSeed,
    });
    if (failures.length > 0) {
      throw new Error(failures.map(({ property, reason }) => `${property}: ${reason}`).join("\n"));
    }
    return inputs;
  }

  async create({ preview = false, timeout = 60 } = {}): Promise<JsonObject> {
    const inputs = await this.check();
    const { id, state } = await this.handler.create({ ...this.call, inputs, preview, timeout });
    if (preview) return state;
    this.inputs = inputs;
    this.id = id;
    return (this.state = state);
  }

  async diff(change: JsonObject = {}): Promise<Diff["changes"]> {
    return (await this.handler.diff({ ...(await this.updateCall(change)), ignoreChanges: [] })).changes;
  }

  async update(change: JsonObject = {}, { preview = false, timeout = 60 } = {}): Promise<JsonObject> {
    const call = await this.updateCall(change);
    const state = await this.handler.update({ ...call, preview, timeout });
    if (preview) return state;
    this.wanted = { ...this.wanted, ...change };
    this.inputs = call.newInputs;
    return (this.state = state);
  }

  private async updateCall(change: JsonObject) {
    const newInputs = await this.check(change);
    return { ...this.call, oldInputs: this.inputs, newInputs, state: this.state, ignoreChanges: [] };
  }

  /** As a refresh does: what is read becomes the state. False when there is nothing any more. */
  async refresh(): Promise<boolean> {
    const found = await this.handler.read({ ...this.call, inputs: this.inputs, state: this.state });
    if (found) this.state = found.state;
    return found !== undefined;
  }

  delete(timeout = 60): Promise<void> {
    return this.handler.delete({ ...this.call, inputs: this.inputs, state: this.state, timeout });
  }
}
