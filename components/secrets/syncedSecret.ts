import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { ArgumentError } from "../argumentError";
import { EXTERNAL_SECRETS_API, untyped, WAIT_UNTIL_READY, type CustomResourceArgs } from "./customResource";
import { dependingOn } from "../dependingOn";

/** One key of the Secret and where its value is in Vault. */
export interface SyncedKey {
  /** Key in the Kubernetes Secret. */
  secretKey: string;
  /** KV v2 path below the mount, for instance `fi-fhir/database`. */
  remoteKey: string;
  /** Property of the value at that path. */
  property: string;
}

export interface SyncedSecretArgs {
  namespace: string;
  /** Name of the ExternalSecret. */
  name: string;
  /** Name of the Kubernetes Secret that it makes. */
  target: string;
  /** Name of the SecretStore in the same namespace. */
  store: string;
  /** How soon a value rotated in Vault arrives. @default "1h": a rotation waits at most that long, and Vault has peace */
  refreshInterval?: string | undefined;
  data: readonly SyncedKey[];
}

export interface ExternalSecretSpec {
  refreshInterval: string;
  secretStoreRef: { name: string; kind: "SecretStore" };
  target: { name: string; creationPolicy: "Owner"; deletionPolicy: "Delete" };
  data: { secretKey: string; remoteRef: { key: string; property: string } }[];
}

/** An ExternalSecret that names each value it wants; it never takes a whole subtree of Vault (control F9). */
export function externalSecretArgs(args: SyncedSecretArgs): CustomResourceArgs<"ExternalSecret", ExternalSecretSpec> {
  const { namespace, name, target, store, refreshInterval = "1h", data } = args;
  check(args, refreshInterval);
  return {
    apiVersion: EXTERNAL_SECRETS_API,
    kind: "ExternalSecret",
    metadata: { name, namespace, annotations: WAIT_UNTIL_READY },
    spec: {
      refreshInterval,
      secretStoreRef: { name: store, kind: "SecretStore" },
      // Owner: the Secret goes when the ExternalSecret goes. Delete: it goes too when Vault no longer has the values, so
      // that a credential that was withdrawn does not live on in the cluster.
      target: { name: target, creationPolicy: "Owner", deletionPolicy: "Delete" },
      data: data.map(({ secretKey, remoteKey, property }) => ({ secretKey, remoteRef: { key: remoteKey, property } })),
    },
  };
}

function check({ namespace, name, data }: SyncedSecretArgs, refreshInterval: string): void {
  const where = `SyncedSecret "${namespace}/${name}"`;
  // Go's durations, without zero: the controller takes 0 as "never again", which would keep old values for ever.
  if (!/^(?!0+[a-z])(\d+(h|m|s))+$/.test(refreshInterval)) {
    throw new ArgumentError({
      where,
      argument: "refreshInterval",
      problem: "must be a duration above zero",
      given: refreshInterval,
      allowed: 'hours, minutes, seconds: "1h", "15m", "1h30m"',
      fix: "zero would never take over a rotated value",
    });
  }
  const keys = data.map(({ secretKey }) => secretKey);
  const twice = keys.find((key, position) => keys.indexOf(key) !== position);
  if (keys.length > 0 && twice === undefined) return;
  throw new ArgumentError({
    where,
    argument: "data",
    problem: twice === undefined ? "must name at least one value" : `names ${twice} twice`,
    given: keys,
    allowed: "one entry for each key of the Secret",
    fix: twice === undefined ? "add an entry" : "remove one of the two",
  });
}

/** A Kubernetes Secret that follows Vault; finished when the Secret is there. */
export class SyncedSecret extends pulumi.ComponentResource {
  readonly externalSecret: kubernetes.apiextensions.CustomResource;

  constructor(name: string, args: SyncedSecretArgs, opts?: pulumi.ComponentResourceOptions) {
    super("fhir-landing-zone:secrets:SyncedSecret", name, args, opts);
    const objectArgs = untyped(externalSecretArgs(args));
    const childOpts = { parent: this, ...dependingOn(opts) };
    this.externalSecret = new kubernetes.apiextensions.CustomResource(name, objectArgs, childOpts);
    this.registerOutputs({});
  }
}
