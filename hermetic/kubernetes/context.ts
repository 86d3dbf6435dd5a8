import type { Log } from "../protocol/provider";
import type { Client } from "./client/client";
import type { Patience } from "./client/patience";
import type { Options } from "./config/options";
import type { Memory } from "./memory";

/** What every operation works with. */
export interface Context {
  options: Options;
  /** Where an object goes that names no namespace. */
  defaultNamespace: string;
  /** @throws saying why there is no connection: kubeconfig missing, unreadable, or not known yet */
  client: () => Client;
  memory: Memory;
  log: Log;
  patience: Patience;
}
