import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { dependingOn } from "../dependingOn";
import { defaultDeny } from "../network/networkPolicy";
import {
  defaultServiceAccountArgs,
  limitRangeArgs,
  namespaceArgs,
  resourceQuotaArgs,
  type NamespaceSpec,
} from "./namespaceArgs";

/**
 * A namespace that is closed until somebody opens it: Pod Security "restricted" at a pinned version, default-deny in both
 * directions, quota and limits, and a default ServiceAccount without a token.
 *
 * Whatever is put into it depends on this component, so that nothing runs before the namespace is closed.
 */
export class SecuredNamespace extends pulumi.ComponentResource {
  /** Known at preview. */
  readonly namespaceName: string;
  readonly namespace: kubernetes.core.v1.Namespace;

  constructor(name: string, spec: NamespaceSpec, opts?: pulumi.ComponentResourceOptions) {
    const namespace = namespaceArgs(spec);
    super("fhir-landing-zone:hardening:SecuredNamespace", name, { ...spec }, opts);
    this.namespaceName = spec.namespace;

    this.namespace = new kubernetes.core.v1.Namespace(name, namespace, { parent: this, ...dependingOn(opts) });
    const inside = { parent: this, dependsOn: [this.namespace] };

    const deny = defaultDeny(spec.namespace);
    new kubernetes.networking.v1.NetworkPolicy(`${name}-default-deny`, deny, inside);
    new kubernetes.core.v1.ResourceQuota(`${name}-quota`, resourceQuotaArgs(spec), inside);
    new kubernetes.core.v1.LimitRange(`${name}-limits`, limitRangeArgs(spec), inside);
    new kubernetes.core.v1.ServiceAccountPatch(`${name}-default`, defaultServiceAccountArgs(spec), inside);
    this.registerOutputs({});
  }
}
