import { randomInt } from "node:crypto";
import { createServer } from "node:net";
import getPort, { portNumbers } from "get-port";
import { readJsonIfAny, writePrivateJson } from "./files";

/** Below the range from which Linux and macOS take the ports of outgoing connections, which could sit on ours. */
const FIRST_PORT = 20000;
const LAST_PORT = 29999;
const CHOICES = 200;

type Ports<Name extends string> = Readonly<Record<Name, number>>;

/**
 * Free loopback ports, one for each name. They are chosen once and kept in `file`, so that a restart uses the same ones
 * and what depends on an address stays valid.
 */
export async function choosePorts<Name extends string>(file: string, names: readonly Name[]): Promise<Ports<Name>> {
  const known = readJsonIfAny<Record<string, number>>(file) ?? {};
  const chosen: Record<string, number> = {};
  for (const name of names) chosen[name] = known[name] ?? (await freePort(Object.values({ ...known, ...chosen })));
  if (names.some((name) => known[name] === undefined)) writePrivateJson(file, { ...known, ...chosen });
  return chosen as Ports<Name>;
}

/** Gives up the ports of `names` that another process has taken meanwhile and chooses others. Nothing of ours may run. */
export async function replaceTakenPorts<Name extends string>(file: string, names: readonly Name[]): Promise<Name[]> {
  const known = readJsonIfAny<Record<string, number>>(file) ?? {};
  const taken: Name[] = [];
  for (const name of names) {
    const port = known[name];
    if (port !== undefined && !(await isPortFree(port))) taken.push(name);
  }
  if (taken.length > 0) {
    writePrivateJson(file, Object.fromEntries(Object.entries(known).filter(([name]) => !taken.includes(name as Name))));
    await choosePorts(file, names);
  }
  return taken;
}

/** True when nobody listens on the loopback port. */
export function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => server.close(() => resolve(true)));
  });
}

async function freePort(exclude: number[]): Promise<number> {
  // A random start keeps clusters that are created at the same moment from choosing the same port.
  const start = randomInt(FIRST_PORT, LAST_PORT - CHOICES);
  return getPort({ host: "127.0.0.1", port: portNumbers(start, start + CHOICES), exclude });
}
