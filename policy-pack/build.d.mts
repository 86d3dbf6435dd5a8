/** Bundles the pack into one file and returns its path. */
export function buildPolicyPack(outfile?: string): Promise<string>;
