export { principal } from "./identity";
export type { Caller } from "./identity";
export { MeshPolicies } from "./meshPolicies";
export type { MeshPoliciesArgs } from "./meshPolicies";
export { allow, denyAll, strictMutualTls } from "./policies";
export type { Permission } from "./policies";
export { externalTlsHost, mutualTlsDestination, routes, serviceHost, tlsGateway } from "./traffic";
export type { Backend } from "./traffic";
