import type { ConfigSource } from "./load";
import type { Problem } from "./problem";
import { keyOf, PROJECT, SECRET_KEYS, SECTION_NAMES } from "./schema/index";
import { suggest } from "./suggest";
import { unknownName } from "./translate";

const PLAIN = SECTION_NAMES.map(keyOf);
const SECRET = Object.keys(SECRET_KEYS);
const NAMESPACES = [PROJECT, "gcp", "policy"];

/** Checks the keys themselves: that each is known, and that secrets and nothing but secrets are stored as such. */
export function checkKeys({
  project,
  values,
  secretKeys,
}: Pick<ConfigSource, "project" | "values" | "secretKeys">): Problem[] {
  const plain = Object.keys(values).filter((key) => !secretKeys.includes(key));
  return [
    ...(project === PROJECT ? [] : [wrongProject(project)]),
    ...[...plain, ...secretKeys].filter((key) => !isKnown(key)).map(unknownKey),
    ...plain.filter((key) => SECRET.includes(key)).map(secretInClearText),
    ...secretKeys.filter((key) => PLAIN.includes(key)).map(needlessSecret),
  ];
}

/** The engine's own settings (`pulumi:...`) are its business. */
const isKnown = (key: string) => PLAIN.includes(key) || SECRET.includes(key) || key.startsWith("pulumi:");

function wrongProject(project: string): Problem {
  return {
    key: "name",
    what: "in Pulumi.yaml is another project's",
    value: project,
    allowed: PROJECT,
    fix: `keep \`name: ${PROJECT}\`: it is the namespace of the configuration and part of every resource's URN`,
    command: "edit Pulumi.yaml",
  };
}

function unknownKey(key: string): Problem {
  const colon = key.indexOf(":");
  const [namespace, name] = [key.slice(0, colon), key.slice(colon + 1)];
  const known = [...PLAIN, ...SECRET]
    .filter((other) => other.startsWith(`${namespace}:`))
    .map((other) => other.slice(colon + 1));
  if (known.length > 0) return unknownName(key, name, known);
  const meant = suggest(namespace, NAMESPACES);
  return {
    key,
    what: "is in a namespace that this program does not read",
    allowed: `keys of ${NAMESPACES.join(", ")}, and the engine's own in pulumi`,
    fix:
      namespace === "kubernetes"
        ? `remove it: the cluster comes from ${PROJECT}:cluster, never from a default provider`
        : meant === undefined
          ? "remove it"
          : `did you mean ${meant}:${name}?`,
    command: `pulumi config rm ${key}`,
  };
}

function secretInClearText(key: string): Problem {
  return {
    key,
    what: "is a secret but is stored in clear text",
    allowed: "a value that Pulumi encrypts",
    fix: "set it again as a secret, then change it where it came from: it was in a file in clear text",
    command: `pulumi config set --secret ${key} < FILE`,
  };
}

function needlessSecret(key: string): Problem {
  return {
    key,
    what: "is stored as a secret, or holds one, but is not a secret key",
    allowed: `secrets at ${SECRET.join(" and ")} only`,
    fix: "set it without --secret and move what is secret in it to its own key, or to Vault",
  };
}
