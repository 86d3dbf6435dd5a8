import * as grpc from "@grpc/grpc-js";
import analyzerService from "@pulumi/pulumi/proto/analyzer_grpc_pb.js";
import messages, { type AnalyzerStackConfigureRequest } from "@pulumi/pulumi/proto/analyzer_pb.js";

const LIMITS = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };
const PREFIX = "/pulumirpc.Analyzer/";

/**
 * Stands between the engine and a policy pack while the pack starts.
 *
 * The engine tells the stack's configuration by a call (ConfigureStack), but a pack reads it from its environment, which
 * is fixed when its process starts. So the engine first gets this proxy, which takes that call, starts the pack with the
 * configuration in its environment and passes everything else through, byte for byte.
 */
export class PolicyProxy {
  /** The stack's configuration; `undefined` when the engine asks for something else first, as `policy publish` does. */
  readonly configuration: Promise<AnalyzerStackConfigureRequest | undefined>;
  private configured: (request: AnalyzerStackConfigureRequest | undefined) => void = () => undefined;
  private readonly pack: Promise<grpc.Client>;
  private attached: (client: grpc.Client) => void = () => undefined;
  private failed: (error: Error) => void = () => undefined;
  private readonly server = new grpc.Server(LIMITS);

  constructor() {
    this.configuration = new Promise((resolve) => (this.configured = resolve));
    this.pack = new Promise((resolve, reject) => {
      this.attached = resolve;
      this.failed = reject;
    });
    this.pack.catch(() => undefined); // the engine may be gone before it asks
  }

  /** Serves on a free loopback port. */
  async start(): Promise<number> {
    const methods = Object.values(analyzerService.AnalyzerService as unknown as grpc.ServiceDefinition);
    const names = methods.map(({ path }) => path.slice(PREFIX.length));
    const definition = Object.fromEntries(names.map((name) => [name, rawMethod(name)]));
    const handlers = Object.fromEntries(names.map((name) => [name, this.handler(name)]));
    this.server.addService(definition, handlers);
    return new Promise((resolve, reject) => {
      this.server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
        if (error) reject(error);
        else resolve(port);
      });
    });
  }

  /** From now on the pack at this port answers. */
  attach(port: number): void {
    this.attached(new grpc.Client(`127.0.0.1:${String(port)}`, grpc.credentials.createInsecure(), LIMITS));
  }

  /** The pack did not start: every call is answered with this error. */
  fail(error: Error): void {
    this.failed(error);
  }

  /** Stops serving when the calls under way are answered: the engine must hear why a pack failed. */
  close(): void {
    this.server.tryShutdown(() => undefined);
    this.pack.then(
      (client) => {
        client.close();
      },
      () => undefined,
    );
  }

  private handler(name: string): grpc.handleUnaryCall<Buffer, Buffer> {
    if (name === "Handshake") {
      return (_call, callback) => {
        callback(null, Buffer.from(new messages.AnalyzerHandshakeResponse().serializeBinary()));
      };
    }
    return (call, callback) => {
      const isConfiguration = name === "ConfigureStack";
      this.configured(
        isConfiguration ? messages.AnalyzerStackConfigureRequest.deserializeBinary(call.request) : undefined,
      );
      this.pack.then(
        (client) => {
          client.makeUnaryRequest(`${PREFIX}${name}`, same, same, call.request, (error, response) => {
            callback(error, response);
          });
        },
        (error: unknown) => {
          callback({ code: grpc.status.UNKNOWN, details: error instanceof Error ? error.message : String(error) });
        },
      );
    };
  }
}

function rawMethod(name: string): grpc.MethodDefinition<Buffer, Buffer> {
  return {
    path: `${PREFIX}${name}`,
    requestStream: false,
    responseStream: false,
    requestSerialize: same,
    requestDeserialize: same,
    responseSerialize: same,
    responseDeserialize: same,
  };
}

function same(bytes: Buffer): Buffer {
  return bytes;
}
