import * as grpc from "@grpc/grpc-js";
import type { ILanguageRuntimeServer } from "@pulumi/pulumi/proto/language_grpc_pb.js";
import messages, { type RunPluginResponse } from "@pulumi/pulumi/proto/language_pb.js";
import pluginMessages from "@pulumi/pulumi/proto/plugin_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { Children } from "./child";
import { dependenciesOf, installDependencies } from "./dependencies";
import { runPlugin } from "./runPlugin";
import { runProgram } from "./runProgram";

/** The @pulumi/pulumi whose protocol this host was built with. */
export const VERSION = "3.259.0";

/** The calls of the language protocol that the engine makes to run programs and policy packs; see hermetic/README.md. */
export type LanguageHost = Pick<
  ILanguageRuntimeServer,
  | "handshake"
  | "getPluginInfo"
  | "getRequiredPackages"
  | "run"
  | "runPlugin"
  | "installDependencies"
  | "getProgramDependencies"
  | "about"
  | "runtimeOptionsPrompts"
  | "template"
  | "cancel"
>;

/** Runs Node programs for the engine at `engineAddress`; a handshake may name another one. */
export function languageHost(engineAddress: string, children = new Children()): LanguageHost {
  const cancellation = new AbortController();
  let engine = engineAddress;
  return {
    handshake: answer((request) => {
      engine = request.getEngineAddress();
      return new messages.LanguageHandshakeResponse();
    }),

    getPluginInfo: answer(() => new pluginMessages.PluginInfo().setVersion(VERSION)),

    // Every package that is named here is one that the engine insists on having before it runs the program, even one
    // that the program imports for its types only. Unnamed, a plugin is looked up when its first resource is registered.
    getRequiredPackages: answer(() => new messages.GetRequiredPackagesResponse()),

    run: answer(async (request) => {
      const { error, bail } = await runProgram(request, engine, children, cancellation.signal);
      return new messages.RunResponse().setError(error).setBail(bail);
    }),

    runPlugin: (call) => {
      const ended = abortWith(call, cancellation.signal);
      const send = (response: RunPluginResponse): void => {
        if (!call.cancelled) call.write(response);
      };
      const output = {
        stdout: (bytes: Buffer) => {
          send(new messages.RunPluginResponse().setStdout(bytes));
        },
        stderr: (bytes: Buffer) => {
          send(new messages.RunPluginResponse().setStderr(bytes));
        },
      };
      runPlugin(call.request, output, children, ended).then(
        ({ code }) => {
          send(new messages.RunPluginResponse().setExitcode(code ?? 1));
          call.end();
        },
        (error: unknown) => call.emit("error", serviceError(error)),
      );
    },

    installDependencies: (call) => {
      const onOutput = (bytes: Buffer): void => {
        call.write(new messages.InstallDependenciesResponse().setStdout(bytes));
      };
      installDependencies(call.request.getInfo()?.getProgramDirectory() ?? call.request.getDirectory(), onOutput).then(
        () => {
          call.end();
        },
        (error: unknown) => call.emit("error", serviceError(error)),
      );
    },

    getProgramDependencies: answer((request) => {
      const directory = request.getInfo()?.getProgramDirectory() ?? request.getPwd();
      const dependencies = dependenciesOf(directory, request.getTransitivedependencies());
      return new messages.GetProgramDependenciesResponse().setDependenciesList(
        dependencies.map(({ name, version }) => new messages.DependencyInfo().setName(name).setVersion(version)),
      );
    }),

    about: answer(() => {
      const response = new messages.AboutResponse().setExecutable(process.execPath).setVersion(process.version);
      response.getMetadataMap().set("languageHost", `hermetic ${VERSION}`);
      return response;
    }),

    runtimeOptionsPrompts: answer(() => new messages.RuntimeOptionsResponse()),

    template: answer(() => new messages.TemplateResponse()),

    cancel: answer(() => {
      cancellation.abort();
      return new empty.Empty();
    }),
  };
}

function answer<Request, Response>(
  method: (request: Request) => Response | Promise<Response>,
): grpc.handleUnaryCall<Request, Response> {
  return (call, callback) => {
    // A method may throw at once or later: both must reach the engine as an error of this call.
    Promise.resolve()
      .then(() => method(call.request))
      .then(
        (response) => {
          callback(null, response);
        },
        (error: unknown) => {
          callback(serviceError(error));
        },
      );
  };
}

function serviceError(error: unknown): grpc.ServiceError {
  const message = error instanceof Error ? error.message : String(error);
  return Object.assign(new Error(message), {
    code: grpc.status.UNKNOWN,
    details: message,
    metadata: new grpc.Metadata(),
  });
}

/** Aborted when the engine ends this call, which is how it stops a plugin, or everything. */
function abortWith(call: { on(event: "cancelled", listener: () => void): unknown }, all: AbortSignal): AbortSignal {
  const controller = new AbortController();
  call.on("cancelled", () => {
    controller.abort();
  });
  return AbortSignal.any([controller.signal, all]);
}
