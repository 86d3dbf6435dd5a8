import { readOr, type Field } from "../../lib/accessor";
import { coversEverybody, parseCidr, without, type Range } from "../../lib/cidr";
import type { KubernetesObject } from "../../lib/objects";

export type Direction = "ingress" | "egress";
export const DIRECTIONS: readonly Direction[] = ["ingress", "egress"];
const PEERS: Record<Direction, string> = { ingress: "from", egress: "to" };

export const isNetworkPolicy = (object: KubernetesObject): boolean =>
  object.is("NetworkPolicy", "networking.k8s.io", "extensions");

/** True for a selector that selects everything; an absent one does too where the API lets it be absent. */
export function selectsAll(selector: Field): boolean {
  return selector.at("matchLabels").keys().length === 0 && selector.at("matchExpressions").items().length === 0;
}

/** A field of a rule through which everybody is let in or out. */
export interface OpenDoor {
  at: Field;
  problem: string;
}

/** Where a rule of a NetworkPolicy names everybody, one entry per place. Raises for fields that cannot be read. */
export function openDoors(rule: Field, direction: Direction): OpenDoor[] {
  const peers = rule.at(PEERS[direction]);
  const listed = peers.items();
  if (listed.length === 0) return [{ at: peers, problem: "is not set, so the rule allows all peers" }];
  const doors = listed.map((peer) => openDoor(peer)).filter((door) => door !== undefined);
  if (doors.length === 0 && coversEverybody(listed.flatMap((peer) => rangesOf(peer)))) {
    return [{ at: peers, problem: "covers, block by block, all addresses" }];
  }
  return doors;
}

function openDoor(peer: Field): OpenDoor | undefined {
  const block = peer.at("ipBlock");
  if (block.present()) {
    const cidr = block.at("cidr");
    const text = cidr.string() ?? "";
    if (!parseCidr(text)) return { at: cidr, problem: `is "${text}", which is no CIDR` };
    const unlimited = block.at("except").items().length === 0;
    if (!coversEverybody(rangesOf(peer))) return undefined;
    return {
      at: cidr,
      problem: unlimited ? `is ${text}: all addresses` : `is ${text}, and except leaves private networks in`,
    };
  }
  const [namespaces, pods] = [peer.at("namespaceSelector"), peer.at("podSelector")];
  if (!namespaces.present()) return pods.present() ? undefined : { at: peer, problem: "selects nobody in particular" };
  if (!selectsAll(namespaces) || (pods.present() && !selectsAll(pods))) return undefined;
  return { at: namespaces, problem: "is empty, so the rule allows all pods of all namespaces" };
}

/** The addresses of an ipBlock; none for other peers. */
export function rangesOf(peer: Field): Range[] {
  const block = peer.at("ipBlock");
  const range = parseCidr(block.at("cidr").string() ?? "");
  if (!range) return [];
  const holes = block
    .at("except")
    .items()
    .map((hole) => parseCidr(hole.string() ?? ""));
  return without(
    range,
    holes.filter((hole) => hole !== undefined),
  );
}

/** The rules of one direction; none where the policy does not speak of it. */
export function rulesOf(object: KubernetesObject, direction: Direction): Field[] {
  return object.root.at("spec", direction).items();
}

/** True when the policy isolates the pods that it selects in this direction. */
export function isolates(object: KubernetesObject, direction: Direction): boolean {
  const spec = object.root.at("spec");
  const types = spec.at("policyTypes").items();
  if (types.length === 0) return direction === "ingress" || spec.at("egress").items().length > 0;
  return types.some((type) => readOr(undefined, () => type.string())?.toLowerCase() === direction);
}
