import * as grpc from "@grpc/grpc-js";
import providerService from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import pluginMessages from "@pulumi/pulumi/proto/plugin_pb.js";
import statusMessages from "@pulumi/pulumi/proto/status_pb.js";
import engineService from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import engineMessages from "@pulumi/pulumi/proto/engine_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import any from "google-protobuf/google/protobuf/any_pb.js";
import { endWithEngine, engineAddressOf } from "./lifetime";
import { PartialFailure, type CheckFailure, type Diff, type DiffKind, type Log, type Provider } from "./provider";
import { fromStruct, toStruct, type JsonObject } from "./values";

const MAX_MESSAGE_BYTES = 400 * 1024 * 1024; // the engine's own limit (pulumi/sdk: rpcutil)

const KINDS: Record<DiffKind, messages.PropertyDiff.Kind> = {
  add: messages.PropertyDiff.Kind.ADD,
  "add-replace": messages.PropertyDiff.Kind.ADD_REPLACE,
  delete: messages.PropertyDiff.Kind.DELETE,
  "delete-replace": messages.PropertyDiff.Kind.DELETE_REPLACE,
  update: messages.PropertyDiff.Kind.UPDATE,
  "update-replace": messages.PropertyDiff.Kind.UPDATE_REPLACE,
};

/** Starts a plugin: serves `provider` on a free loopback port and prints that port, as the engine expects. */
export async function serve(create: (log: Log) => Provider): Promise<void> {
  const engineAddress = engineAddressOf(process.argv.slice(2));
  const engine = new EngineLog();
  if (engineAddress) engine.connect(engineAddress);
  const provider = create(engine);
  const cancellation = new AbortController();
  const server = new grpc.Server({ "grpc.max_receive_message_length": MAX_MESSAGE_BYTES });
  server.addService(providerService.ResourceProviderService, implementation(provider, engine, cancellation));
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  endWithEngine();
  process.stdout.write(`${port}\n`);
}

class EngineLog implements Log {
  private client: InstanceType<typeof engineService.EngineClient> | undefined;

  connect(address: string): void {
    this.client = new engineService.EngineClient(address, grpc.credentials.createInsecure());
  }

  debug = (message: string, urn?: string): void => this.send(engineMessages.LogSeverity.DEBUG, message, urn, false);
  info = (message: string, urn?: string): void => this.send(engineMessages.LogSeverity.INFO, message, urn, false);
  warn = (message: string, urn?: string): void => this.send(engineMessages.LogSeverity.WARNING, message, urn, false);
  status = (message: string, urn?: string): void => this.send(engineMessages.LogSeverity.INFO, message, urn, true);

  private send(
    severity: engineMessages.LogSeverity,
    message: string,
    urn: string | undefined,
    ephemeral: boolean,
  ): void {
    if (!this.client) return;
    const request = new engineMessages.LogRequest();
    request.setSeverity(severity);
    request.setMessage(message);
    request.setEphemeral(ephemeral);
    if (urn) request.setUrn(urn);
    // The engine may be gone already when a last line is sent; there is nobody left to tell.
    this.client.log(request, () => undefined);
  }
}

/* The messages of @pulumi/pulumi are untyped at this seam: one small structural view of what is used of a request. */
interface Request {
  getUrn(): string;
  getType(): string;
  getName(): string;
  getId(): string;
  getOlds(): Parameters<typeof fromStruct>[0];
  getNews(): Parameters<typeof fromStruct>[0];
  getOldInputs(): Parameters<typeof fromStruct>[0];
  getInputs(): Parameters<typeof fromStruct>[0];
  getProperties(): Parameters<typeof fromStruct>[0];
  getArgs(): Parameters<typeof fromStruct>[0];
  getIgnorechangesList(): string[];
  getRandomseed_asU8(): Uint8Array;
  getPreview(): boolean;
  getTimeout(): number;
  getTok(): string;
  getAddress(): string;
}

type Method = (request: Request) => Promise<object> | object;

function implementation(
  provider: Provider,
  engine: EngineLog,
  cancellation: AbortController,
): grpc.UntypedServiceImplementation {
  const resourceCall = (request: Request) => ({
    urn: request.getUrn(),
    type: request.getType(),
    name: request.getName(),
    signal: cancellation.signal,
  });
  const methods: Record<string, Method> = {
    handshake: () => {
      const response = new messages.ProviderHandshakeResponse();
      response.setAcceptSecrets(true);
      response.setAcceptResources(false);
      response.setAcceptOutputs(false);
      return response;
    },
    attach: (request) => {
      engine.connect(request.getAddress());
      return new empty.Empty();
    },
    getPluginInfo: () => {
      const response = new pluginMessages.PluginInfo();
      response.setVersion(provider.version);
      return response;
    },
    getSchema: () => {
      const response = new messages.GetSchemaResponse();
      response.setSchema(JSON.stringify({ name: provider.name, version: provider.version }));
      return response;
    },
    checkConfig: async (request) => {
      const inputs = fromStruct(request.getNews());
      return checked(inputs, (await provider.checkConfig?.(inputs)) ?? []);
    },
    diffConfig: async (request) => {
      const none: Diff = { changes: {} };
      const olds = request.getOldInputs() ?? request.getOlds();
      return differences((await provider.diffConfig?.(fromStruct(olds), fromStruct(request.getNews()))) ?? none);
    },
    configure: async (request) => {
      await provider.configure(fromStruct(request.getArgs()));
      const response = new messages.ConfigureResponse();
      response.setAcceptsecrets(true);
      response.setSupportspreview(true);
      response.setAcceptresources(false);
      response.setAcceptoutputs(false);
      return response;
    },
    check: async (request) => {
      const { inputs, failures } = await provider.check({
        ...resourceCall(request),
        oldInputs: fromStruct(request.getOlds()),
        newInputs: fromStruct(request.getNews()),
        randomSeed: request.getRandomseed_asU8(),
      });
      return checked(inputs, failures);
    },
    diff: async (request) => differences(await provider.diff(diffCall(request))),
    create: async (request) => {
      const { id, state } = await provider.create({
        ...resourceCall(request),
        inputs: fromStruct(request.getProperties()),
        preview: request.getPreview(),
        timeout: request.getTimeout(),
      });
      const response = new messages.CreateResponse();
      response.setId(id);
      response.setProperties(toStruct(state));
      return response;
    },
    read: async (request) => {
      const result = await provider.read({
        ...resourceCall(request),
        id: request.getId(),
        inputs: fromStruct(request.getInputs()),
        state: fromStruct(request.getProperties()),
      });
      const response = new messages.ReadResponse();
      if (result) {
        response.setId(result.id);
        response.setProperties(toStruct(result.state));
        response.setInputs(toStruct(result.inputs));
      }
      return response;
    },
    update: async (request) => {
      const state = await provider.update({
        ...diffCall(request),
        preview: request.getPreview(),
        timeout: request.getTimeout(),
      });
      const response = new messages.UpdateResponse();
      response.setProperties(toStruct(state));
      return response;
    },
    delete: async (request) => {
      await provider.delete({
        ...resourceCall(request),
        id: request.getId(),
        inputs: fromStruct(request.getOldInputs()),
        state: fromStruct(request.getProperties()),
        timeout: request.getTimeout(),
      });
      return new empty.Empty();
    },
    invoke: async (request) => {
      if (!provider.invoke) throw new Error(`${provider.name}: there is no function ${request.getTok()}`);
      const response = new messages.InvokeResponse();
      response.setReturn(toStruct(await provider.invoke(request.getTok(), fromStruct(request.getArgs()))));
      return response;
    },
    construct: (request) => {
      const refusal = provider.refuseComponent?.(request.getType());
      throw new Error(refusal ?? `${provider.name}: there is no component ${request.getType()}`);
    },
    cancel: () => {
      cancellation.abort();
      return new empty.Empty();
    },
  };
  return Object.fromEntries(Object.entries(methods).map(([name, method]) => [name, unary(method)]));

  function diffCall(request: Request) {
    return {
      ...resourceCall(request),
      id: request.getId(),
      oldInputs: fromStruct(request.getOldInputs()),
      state: fromStruct(request.getOlds()),
      newInputs: fromStruct(request.getNews()),
      ignoreChanges: request.getIgnorechangesList(),
    };
  }
}

function checked(inputs: JsonObject, failures: CheckFailure[]): object {
  const response = new messages.CheckResponse();
  response.setInputs(toStruct(inputs));
  response.setFailuresList(
    failures.map(({ property, reason }) => {
      const failure = new messages.CheckFailure();
      failure.setProperty(property);
      failure.setReason(reason);
      return failure;
    }),
  );
  return response;
}

function differences({ changes, deleteBeforeReplace }: Diff): object {
  const response = new messages.DiffResponse();
  const paths = Object.keys(changes);
  response.setChanges(
    paths.length > 0 ? messages.DiffResponse.DiffChanges.DIFF_SOME : messages.DiffResponse.DiffChanges.DIFF_NONE,
  );
  response.setDeletebeforereplace(deleteBeforeReplace ?? false);
  response.setHasdetaileddiff(true);
  response.setDiffsList([...new Set(paths.map((path) => path.split(/[.[]/, 1)[0] ?? path))]);
  for (const [path, kind] of Object.entries(changes)) {
    if (kind.endsWith("-replace")) response.addReplaces(path);
    const difference = new messages.PropertyDiff();
    difference.setKind(KINDS[kind]);
    difference.setInputdiff(true);
    response.getDetaileddiffMap().set(path, difference);
  }
  return response;
}

function unary(method: Method): grpc.handleUnaryCall<Request, object> {
  return (call, callback) => {
    // A method may throw at once or later: both must reach the engine as an error of this call.
    Promise.resolve()
      .then(() => method(call.request))
      .then((response) => callback(null, response))
      .catch((error: unknown) => callback(serviceError(error)));
  };
}

function serviceError(error: unknown): grpc.ServiceError {
  const message = error instanceof Error ? error.message : String(error);
  const metadata = new grpc.Metadata();
  if (error instanceof PartialFailure) metadata.set("grpc-status-details-bin", partialFailureDetails(error));
  return Object.assign(new Error(message), { code: grpc.status.UNKNOWN, details: message, metadata });
}

function partialFailureDetails(error: PartialFailure): Buffer {
  const detail = new messages.ErrorResourceInitFailed();
  detail.setId(error.id);
  detail.setProperties(toStruct(error.state));
  detail.setInputs(toStruct(error.inputs));
  detail.setReasonsList([error.message]);
  const packed = new any.Any();
  packed.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const status = new statusMessages.Status();
  status.setCode(grpc.status.UNKNOWN);
  status.setMessage(error.message);
  status.setDetailsList([packed]);
  return Buffer.from(status.serializeBinary());
}
