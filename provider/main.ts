import { serve } from "../hermetic/protocol/serve";
import type { Log, Provider } from "../hermetic/protocol/provider";
import type { ResourceHandler } from "./handler";
import { handlerFactories } from "./handlers";

/** The plugin `landingzone`: resources that are processes on this machine, or settings of them. It only routes. */
export function landingZoneProvider(log: Log): Provider {
  const handlers = new Map(Object.entries(handlerFactories).map(([type, create]) => [type, create(log)]));
  const handlerOf = (type: string): ResourceHandler => {
    const handler = handlers.get(type);
    if (handler) return handler;
    throw new Error(
      `The plugin landingzone has no resource type "${type}". It has: ${[...handlers.keys()].join(", ")}.`,
    );
  };
  return {
    name: "landingzone",
    version: "0.1.0",
    configure: () => Promise.resolve(),
    check: (call) => handlerOf(call.type).check(call),
    diff: (call) => handlerOf(call.type).diff(call),
    create: (call) => handlerOf(call.type).create(call),
    read: (call) => handlerOf(call.type).read(call),
    update: (call) => handlerOf(call.type).update(call),
    delete: (call) => handlerOf(call.type).delete(call),
  };
}

if (require.main === module) {
  serve(landingZoneProvider).catch((error: unknown) => {
    console.error(error);
    process.exit(1);
  });
}
