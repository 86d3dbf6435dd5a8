import type {
  CheckCall,
  CheckFailure,
  CreateCall,
  DeleteCall,
  Diff,
  DiffCall,
  Log,
  Provider,
  ReadCall,
  UpdateCall,
} from "../protocol/provider";
import { plain, type JsonObject } from "../protocol/values";
import { Client } from "./client/client";
import { Unreachable } from "./client/errors";
import { PATIENCE, type Patience } from "./client/patience";
import { Transport } from "./client/transport";
import { diffOptions } from "./config/diff";
import { loadKubeconfig } from "./config/kubeconfig";
import { checkOptions, readOptions, type Options } from "./config/options";
import type { Context } from "./context";
import { decodeYaml } from "./decode";
import { isPatch } from "./identity";
import { Memory } from "./memory";
import { check } from "./operations/check";
import { create } from "./operations/create";
import { remove } from "./operations/delete";
import { diff } from "./operations/diff";
import { createPatch, deletePatch, updatePatch } from "./operations/patch";
import { read } from "./operations/read";
import { refusalOf } from "./operations/refused";
import { update } from "./operations/update";

const REQUEST_TIMEOUT_SECONDS = 30;

/** Drives a real API server in place of the official `kubernetes` plugin. */
export class KubernetesProvider implements Provider {
  readonly name = "kubernetes";
  readonly version = "4.34.2"; // the SDK version that it stands in for
  private context: Context;

  constructor(
    private readonly log: Log,
    private readonly patience: Patience = PATIENCE,
  ) {
    this.context = this.contextFor(readOptions({}));
  }

  checkConfig(inputs: JsonObject): Promise<CheckFailure[]> {
    return Promise.resolve(checkOptions(inputs));
  }

  diffConfig(oldInputs: JsonObject, newInputs: JsonObject): Promise<Diff> {
    return Promise.resolve(diffOptions(oldInputs, newInputs));
  }

  configure(inputs: JsonObject): Promise<void> {
    const [failure] = checkOptions(inputs);
    if (failure) return Promise.reject(new Error(`kubernetes provider: ${failure.reason}`));
    this.context = this.contextFor(readOptions(inputs));
    return Promise.resolve();
  }

  check(call: CheckCall): Promise<{ inputs: JsonObject; failures: CheckFailure[] }> {
    return Promise.resolve(check(this.context, call));
  }

  diff(call: DiffCall): Promise<Diff> {
    return diff(this.context, call);
  }

  create(call: CreateCall): Promise<{ id: string; state: JsonObject }> {
    return isPatch(call.type, call.inputs) ? createPatch(this.context, call) : create(this.context, call);
  }

  read(call: ReadCall): Promise<{ id: string; inputs: JsonObject; state: JsonObject } | undefined> {
    return read(this.context, call);
  }

  update(call: UpdateCall): Promise<JsonObject> {
    return isPatch(call.type, call.newInputs) ? updatePatch(this.context, call) : update(this.context, call);
  }

  delete(call: DeleteCall): Promise<void> {
    return isPatch(call.type, call.inputs) ? deletePatch(this.context, call) : remove(this.context, call);
  }

  invoke(token: string, args: JsonObject): Promise<JsonObject> {
    if (token !== "kubernetes:yaml:decode") {
      return Promise.reject(
        new Error(
          refusalOf(token) ??
            `${token} is not supported by the hermetic kubernetes plugin; use RenderedChart (components/charts)`,
        ),
      );
    }
    const manifest = plain(args.text ?? null);
    return Promise.resolve({ result: decodeYaml(typeof manifest === "string" ? manifest : "") });
  }

  refuseComponent(type: string): string | undefined {
    return refusalOf(type);
  }

  private contextFor(options: Options): Context {
    let client: Client | undefined;
    return {
      options,
      defaultNamespace: options.namespace ?? contextNamespace(options) ?? "default",
      client: () => (client ??= connect(options)),
      memory: new Memory(),
      log: this.log,
      patience: this.patience,
    };
  }
}

function connect(options: Options): Client {
  if (options.kubeconfigUnknown) throw new Error("the kubeconfig is not known yet");
  try {
    return new Client(
      new Transport(loadKubeconfig(options), (options.requestTimeout ?? REQUEST_TIMEOUT_SECONDS) * 1000),
    );
  } catch (error) {
    // No way to the server, and worth trying again: the file may be written by another resource of this update.
    throw new Unreachable(undefined, error instanceof Error ? error : new Error(String(error)));
  }
}

function contextNamespace(options: Options): string | undefined {
  if (options.kubeconfigUnknown) return undefined;
  try {
    const config = loadKubeconfig(options);
    return config.getContextObject(config.getCurrentContext())?.namespace;
  } catch {
    return undefined; // said when the connection is used
  }
}
