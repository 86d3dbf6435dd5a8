/**
 * The three functions of the reflect-metadata proposal that @peculiar/x509's dependency injection asks for when it is
 * loaded. Import this before it. Superfluous once the npm package `reflect-metadata` is among the dependencies.
 */
type Metadata = Map<unknown, unknown>;
const store = new WeakMap<object, Metadata>();

const polyfill = {
  defineMetadata(key: unknown, value: unknown, target: object): void {
    const known = store.get(target) ?? new Map<unknown, unknown>();
    store.set(target, known.set(key, value));
  },
  getOwnMetadata(key: unknown, target: object): unknown {
    return store.get(target)?.get(key);
  },
  getMetadata(key: unknown, target: object): unknown {
    for (let owner: object | null = target; owner !== null; owner = Object.getPrototypeOf(owner) as object | null) {
      if (store.get(owner)?.has(key)) return store.get(owner)?.get(key);
    }
    return undefined;
  },
};

for (const [name, implementation] of Object.entries(polyfill)) {
  if (!(name in Reflect))
    Object.defineProperty(Reflect, name, { value: implementation, configurable: true, writable: true });
}
