// eslint-disable-next-line @typescript-eslint/no-require-imports -- an import is a copy, which cannot be changed
import sdk = require("@pulumi/policy/deserialize");

type Deserialize = (properties: object, proxySecrets: boolean) => Record<string, unknown>;

/**
 * Makes the SDK decode the properties of a resource once per request instead of once per policy: without this, forty
 * policies decode a large CustomResourceDefinition forty times, which takes most of a second (see
 * docs/decisions/policy-speed.md). Policies that only read can share the result. Remediation, which changes it, is
 * left as it is. With an SDK that works another way this does nothing.
 */
export function shareInputs(): void {
  const module = sdk as unknown as { deserializeProperties?: Deserialize & { isShared?: true } };
  const original = module.deserializeProperties;
  if (typeof original !== "function" || original.isShared) return;
  const decoded = new WeakMap<object, Record<string, unknown>>();
  const shared: Deserialize & { isShared?: true } = (properties, proxySecrets) => {
    if (proxySecrets) return original(properties, proxySecrets);
    const known = decoded.get(properties);
    if (known) return known;
    const props = original(properties, proxySecrets);
    decoded.set(properties, props);
    return props;
  };
  shared.isShared = true;
  module.deserializeProperties = shared;
}
