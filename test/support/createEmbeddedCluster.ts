import { text } from "node:stream/consumers";
import type { JsonObject } from "../../hermetic/protocol/values";
import { clusterHandler } from "../../provider/cluster/handler";

/** A plugin that can be killed: creates the cluster whose inputs come on standard input, and prints its status lines. */
async function main(): Promise<void> {
  const inputs = JSON.parse(await text(process.stdin)) as JsonObject & { name: string };
  const print = (message: string): void => console.log(message);
  const handler = clusterHandler({ debug: print, info: print, warn: print, status: print });
  const { name } = inputs;
  const urn = `urn:pulumi:test::test::landingzone:embedded:Cluster::${name}`;
  const signal = new AbortController().signal;
  await handler.create({
    urn,
    type: "landingzone:embedded:Cluster",
    name,
    signal,
    inputs,
    preview: false,
    timeout: 60,
  });
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
