import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { encryptionConfiguration, type EncryptionKey } from "../../components/hardening/encryptionAtRest";
import { readJsonIfAny, writePrivateFile, writePrivateJson } from "../files";
import type { Api } from "./api";
import type { ClusterInputs } from "./inputs";
import { STARTING_ANEW, type Layout } from "./layout";

/** What is known of the objects in etcd: the keys they may be encrypted with, and which resources are encrypted. */
interface KeyRing {
  keys: EncryptionKey[];
  /** Resources of which every stored object is encrypted. A resource stays encrypted, once it is. */
  encrypted: string[];
}

/**
 * Writes the configuration for the wanted generation and resources, and says what must be rewritten for it. New keys
 * are made here: a key never travels through Pulumi's state.
 */
export function prepareEncryption(layout: Layout, wanted: ClusterInputs["encryption"]): { rewrite: string[] } {
  const known = readJsonIfAny<KeyRing>(layout.encryptionKeys);
  const isNew = known === undefined;
  if (isNew && existsSync(join(layout.etcdData, "member"))) {
    throw new Error(
      `${layout.encryptionKeys} is gone, and without its keys what is stored in etcd can't be read. ${STARTING_ANEW}`,
    );
  }
  const ring: KeyRing = known ?? { keys: [], encrypted: wanted.resources };
  const newest = Math.max(0, ...ring.keys.map((key) => key.generation));
  if (newest < wanted.generation) {
    ring.keys.unshift({ generation: wanted.generation, secret: randomBytes(32).toString("base64") });
    writePrivateJson(layout.encryptionKeys, ring);
  }
  const added = wanted.resources.filter((resource) => !ring.encrypted.includes(resource));
  writeConfiguration(layout, { ...ring, encrypted: [...ring.encrypted, ...added] }, added.length > 0);
  if (isNew) return { rewrite: [] };
  return { rewrite: ring.keys.length > 1 ? [...ring.encrypted, ...added] : added };
}

/** After everything was rewritten: forgets the old keys and no longer reads clear text. */
export function finishEncryption(layout: Layout, rewritten: readonly string[]): void {
  const ring = readJsonIfAny<KeyRing>(layout.encryptionKeys);
  const newest = ring?.keys[0];
  if (!ring || !newest)
    throw new Error(`${layout.encryptionKeys} is gone: what is stored in etcd can't be read any more.`);
  const finished = { keys: [newest], encrypted: [...new Set([...ring.encrypted, ...rewritten])] };
  writePrivateJson(layout.encryptionKeys, finished);
  writeConfiguration(layout, finished, false);
}

function writeConfiguration(layout: Layout, { keys, encrypted }: KeyRing, readClearText: boolean): void {
  const configuration = encryptionConfiguration({ resources: encrypted, keys, readClearText });
  writePrivateFile(layout.encryption, stringify(configuration));
}

/** Writes every object of a resource as it is: the API server encrypts it with the newest key on its way to etcd. */
export async function rewriteAll(api: Api, resource: string): Promise<void> {
  const { path, apiVersion, kind } = await locate(api, resource);
  for (const item of await api.list(path)) {
    const collection = item.metadata.namespace ? namespaced(path, item.metadata.namespace) : path;
    // Changed or deleted meanwhile: then somebody else has written it, with the newest key.
    await api.replace(collection, { ...item, apiVersion, kind });
  }
}

function namespaced(path: string, namespace: string): string {
  const resource = path.lastIndexOf("/");
  return `${path.slice(0, resource)}/namespaces/${namespace}${path.slice(resource)}`;
}

/** `secrets` or `resource.group`, as encryption configurations name them. */
async function locate(api: Api, resource: string): Promise<{ path: string; apiVersion: string; kind: string }> {
  const dot = resource.indexOf(".");
  const [plural, group] = dot < 0 ? [resource, ""] : [resource.slice(0, dot), resource.slice(dot + 1)];
  const apiVersion = group === "" ? "v1" : await api.preferredVersion(group);
  const base = group === "" ? "/api/v1" : `/apis/${apiVersion}`;
  return { path: `${base}/${plural}`, apiVersion, kind: await api.kindOf(base, plural) };
}
