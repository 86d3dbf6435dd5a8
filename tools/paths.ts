import { homedir } from "node:os";
import path from "node:path";

/** The clone. */
export const root = path.resolve(__dirname, "..");

/** Everything that a clone makes for itself; ignored by git, removed by deleting it. */
export const home = path.join(root, ".landing-zone");

export const folders = {
  programs: path.join(home, "bin"),
  plugins: path.join(home, "plugins"),
  sources: path.join(home, "sources"),
  clusters: path.join(home, "clusters"),
  state: path.join(home, "state"),
  pulumiHome: path.join(home, "pulumi"),
} as const;

/** Unlocks the secrets in the state of this clone's own backend. */
export const passphraseFile = path.join(home, "passphrase");

/** Built and downloaded programs, shared by all clones of a user (XDG Base Directory, `XDG_CACHE_HOME`). */
export const sharedCache = path.join(process.env.XDG_CACHE_HOME ?? path.join(homedir(), ".cache"), "fhir-landing-zone");
