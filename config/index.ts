export { loadConfig, type ConfigSource, type LandingZoneConfig } from "./load";
export { ConfigError, formatProblem, type Problem } from "./problem";
export { readStackConfig, type StackConfig } from "./read";
export { EMBEDDED_KUBERNETES_VERSION } from "./schema/cluster";
export { CHART_NAMES } from "./schema/platform";
export { PROJECT } from "./schema/index";
export { sourceOfStackFile } from "./stackFile";
