import * as grpc from "@grpc/grpc-js";
import languageService from "@pulumi/pulumi/proto/language_grpc_pb.js";
import { endWithEngine, engineAddressOf } from "../protocol/lifetime";
import { Children } from "./child";
import { languageHost } from "./host";

const children = new Children();
const server = new grpc.Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
server.addService(languageService.LanguageRuntimeService, {
  ...languageHost(engineAddressOf(process.argv.slice(2)) ?? "", children),
});
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  endWithEngine(() => {
    children.killAll();
  });
  process.stdout.write(`${String(port)}\n`);
});
