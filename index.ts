import * as pulumi from "@pulumi/pulumi";
import { readStackConfig } from "./config";
import { createCluster } from "./program/cluster";
import { createPlatform } from "./program/platform";
import { createSystems } from "./program/systems";

const stack = readStackConfig();
for (const warning of stack.config.warnings) void pulumi.log.warn(warning);

const cluster = createCluster(stack);
const platform = createPlatform(stack, cluster);
const systems = createSystems(stack, cluster, platform);

export const kubeconfig = cluster.kubeconfig;
export const server = cluster.server;
export const vault = platform.secrets.server;
export const urls = systems;
