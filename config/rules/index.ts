import { CLUSTER } from "./cluster";
import { PLATFORM } from "./platform";
import { POLICY } from "./policy";
import { PRODUCTION } from "./production";
import type { Rule } from "./rule";
import { SYSTEMS } from "./systems";

export const RULES: readonly Rule[] = [...PRODUCTION, ...CLUSTER, ...PLATFORM, ...SYSTEMS, ...POLICY];
