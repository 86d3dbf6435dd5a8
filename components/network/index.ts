export { checkCidr } from "./cidr";
export { defaultDeny, networkPolicy } from "./networkPolicy";
export type { Addresses, Allow, Pods, PolicySpec, Port } from "./networkPolicy";
export { dns, istiod, meshBasics } from "./peers";
