import type { Policies } from "@pulumi/policy";
import * as sdkServer from "@pulumi/policy/server";
import * as sdkProxy from "@pulumi/policy/proxy";
import analyzer from "@pulumi/pulumi/proto/analyzer_pb.js";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb.js";
import { shareInputs } from "../../policy-pack/lib/shareInputs";
import { createPolicies, type PackOptions } from "../../policy-pack/policies";

shareInputs(); // as the pack does

/** How the engine hands over a value that is only known after the update. */
export const UNKNOWN = (sdkProxy as unknown as { unknownStringValue: string }).unknownStringValue;

export type Manifest = Record<string, unknown>;

export interface Resource {
  type: string;
  name?: string;
  props: Manifest;
  provider?: Manifest;
  /** Name of the parent. */
  parent?: string;
}

export interface Violation {
  control: string;
  level: "advisory" | "mandatory" | "other";
  message: string;
  urn: string;
}

type Rpc<Request> = (
  call: { request: Request },
  callback: (error: Error | null, response: InstanceType<typeof analyzer.AnalyzeResponse>) => void,
) => void;
type MakeRpc<Request> = (pack: string, version: string, level: string, policies: Policies) => Rpc<Request>;

/** The functions behind the SDK's gRPC server: what happens to a request here is what happens to one of the engine. */
const { makeAnalyzeRpcFun, makeAnalyzeStackRpcFun } = sdkServer as unknown as {
  makeAnalyzeRpcFun: MakeRpc<InstanceType<typeof analyzer.AnalyzeRequest>>;
  makeAnalyzeStackRpcFun: MakeRpc<InstanceType<typeof analyzer.AnalyzeStackRequest>>;
};

export interface HarnessOptions extends PackOptions {
  /** The stack's configuration below `policy:`. */
  config?: Record<string, unknown>;
  /** Run these controls only. */
  only?: readonly string[];
  /** @default those of the pack */
  policies?: Policies;
}

/** One run of the pack: policies that share their exemptions, driven through the SDK's own server code. */
export class Harness {
  private readonly policies: Policies;

  constructor({ config = {}, only, policies, ...options }: HarnessOptions = {}) {
    const text = Object.entries(config).map(([key, value]) => [
      `policy:${key}`,
      typeof value === "string" ? value : JSON.stringify(value),
    ]);
    const pulumiConfig = JSON.stringify(Object.fromEntries(text));
    const all = policies ?? createPolicies({ pulumiConfig: () => pulumiConfig, ...options });
    this.policies = only ? all.filter(({ name }) => only.includes(name)) : all;
  }

  /** What the engine is told about one resource. */
  async resource(resource: Resource): Promise<{ violations: Violation[]; notApplicable: string[] }> {
    const request = new analyzer.AnalyzeRequest()
      .setType(resource.type)
      .setName(resource.name ?? "subject")
      .setUrn(urnOf(resource))
      .setProperties(struct(resource.props))
      .setOptions(optionsOf());
    if (resource.provider) request.setProvider(providerOf(resource.provider));
    const rpc = makeAnalyzeRpcFun("pack", "0.0.0", "mandatory", this.policies);
    return answer(await call(rpc, request));
  }

  /** What the engine is told about the stack. */
  async stack(resources: readonly Resource[]): Promise<Violation[]> {
    const request = new analyzer.AnalyzeStackRequest().setResourcesList(
      resources.map((resource) => {
        const parent = resources.find(({ name }) => name !== undefined && name === resource.parent);
        const message = new analyzer.AnalyzerResource()
          .setType(resource.type)
          .setName(resource.name ?? "subject")
          .setUrn(urnOf(resource))
          .setParent(parent ? urnOf(parent) : "")
          .setProperties(struct(resource.props))
          .setOptions(optionsOf());
        return resource.provider ? message.setProvider(providerOf(resource.provider)) : message;
      }),
    );
    const rpc = makeAnalyzeStackRpcFun("pack", "0.0.0", "mandatory", this.policies);
    return answer(await call(rpc, request)).violations;
  }

  /** Both, as in a preview. */
  async preview(resources: readonly Resource[]): Promise<Violation[]> {
    const found: Violation[] = [];
    for (const resource of resources) found.push(...(await this.resource(resource)).violations);
    return [...found, ...(await this.stack(resources))];
  }
}

export function urnOf({ type, name = "subject" }: Resource): string {
  return `urn:pulumi:test::pack::${type}::${name}`;
}

function call<Request>(rpc: Rpc<Request>, request: Request): Promise<InstanceType<typeof analyzer.AnalyzeResponse>> {
  return new Promise((resolve, reject) => {
    rpc({ request }, (error, response) => {
      if (error) reject(error);
      else resolve(response);
    });
  });
}

function struct(props: Manifest): Struct {
  // As the engine does, leave out what is undefined.
  return Struct.fromJavaScript(JSON.parse(JSON.stringify(props)) as Record<string, JavaScriptValue>);
}

function optionsOf(): InstanceType<typeof analyzer.AnalyzerResourceOptions> {
  return new analyzer.AnalyzerResourceOptions();
}

function providerOf(props: Manifest): InstanceType<typeof analyzer.AnalyzerProviderResource> {
  return new analyzer.AnalyzerProviderResource()
    .setType("pulumi:providers:kubernetes")
    .setName("provider")
    .setProperties(struct(props));
}

function answer(response: InstanceType<typeof analyzer.AnalyzeResponse>): {
  violations: Violation[];
  notApplicable: string[];
} {
  const levels = { 0: "advisory", 1: "mandatory" } as const;
  const violations = response.getDiagnosticsList().map((diagnostic) => ({
    control: diagnostic.getPolicyname(),
    level: levels[diagnostic.getEnforcementlevel() as 0 | 1] ?? ("other" as const),
    message: diagnostic.getMessage(),
    urn: diagnostic.getUrn(),
  }));
  return { violations, notApplicable: response.getNotApplicableList().map((entry) => entry.getPolicyName()) };
}
