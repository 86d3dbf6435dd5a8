import { join } from "node:path";
import { readJsonIfAny, writePrivateJson } from "./files";

/**
 * Makes a data directory that of one resource, for good. Two stacks of one clone that name the same directory would
 * otherwise share it and destroy it under each other.
 */
export function claimDirectory(directory: string, urn: string): void {
  const owner = join(directory, "owner.json");
  const known = readJsonIfAny<{ urn: string }>(owner)?.urn;
  if (known !== undefined && known !== urn) {
    throw new Error(
      `The directory ${directory} belongs to another resource (${known}). Give this one another directory; ` +
        "if the other one is gone for good, end its processes and delete the directory.",
    );
  }
  writePrivateJson(owner, { urn });
}
