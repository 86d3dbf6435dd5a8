/** A provider of the API server's encryption at rest: secretbox with its keys, or no encryption. */
export type EncryptionProvider =
  { secretbox: { keys: { name: string; secret: string }[] } } | { identity: Record<string, never> };

/** `apiserver.config.k8s.io/v1` EncryptionConfiguration, for `--encryption-provider-config`. It holds keys: mode 0600. */
export interface EncryptionConfiguration {
  apiVersion: "apiserver.config.k8s.io/v1";
  kind: "EncryptionConfiguration";
  resources: { resources: string[]; providers: EncryptionProvider[] }[];
}

/** A key of one generation; a rotation makes the next generation. */
export interface EncryptionKey {
  generation: number;
  /** 32 random bytes, base64. */
  secret: string;
}

export interface EncryptionArgs {
  /** Resources to encrypt, for instance `secrets` or `configmaps.example.com`. */
  resources: readonly string[];
  /** All keys that stored objects may be encrypted with. The newest one writes, the others only read. */
  keys: readonly EncryptionKey[];
  /**
   * True only while objects that were stored in clear text are being rewritten.
   * @default false: without it a value in clear text can't be read, so that none goes unnoticed.
   */
  readClearText?: boolean;
}

const KEY_BYTES = 32;

/**
 * secretbox (XSalsa20-Poly1305): it authenticates what it decrypts, which aescbc does not, and its nonce is long enough
 * for random ones, while aesgcm must be rotated every 200,000 writes. KMS v2 is stronger where a key service exists: on
 * GKE that is Cloud KMS (`databaseEncryption`); here its key would lie on the same disk.
 */
export function encryptionConfiguration({
  resources,
  keys,
  readClearText = false,
}: EncryptionArgs): EncryptionConfiguration {
  if (resources.length === 0)
    throw new Error('Encryption at rest needs at least one resource, for instance "secrets".');
  if (keys.length === 0) throw new Error("Encryption at rest needs at least one key.");
  const wrong = keys.find(({ secret }) => Buffer.from(secret, "base64").length !== KEY_BYTES);
  if (wrong) throw new Error(`Encryption key ${keyName(wrong)} must be ${KEY_BYTES} bytes long, in base64.`);
  const newestFirst = [...keys].sort((a, b) => b.generation - a.generation);
  const secretbox = { keys: newestFirst.map((key) => ({ name: keyName(key), secret: key.secret })) };
  return {
    apiVersion: "apiserver.config.k8s.io/v1",
    kind: "EncryptionConfiguration",
    resources: [
      {
        resources: [...resources],
        // The first provider writes: identity is never first.
        providers: readClearText ? [{ secretbox }, { identity: {} }] : [{ secretbox }],
      },
    ],
  };
}

/** The key's name, which the API server stores in front of each value: `k8s:enc:secretbox:v1:<name>:`. */
export function keyName({ generation }: Pick<EncryptionKey, "generation">): string {
  return `generation-${generation}`;
}
