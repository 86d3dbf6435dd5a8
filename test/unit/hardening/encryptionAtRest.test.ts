import assert from "node:assert/strict";
import { encryptionConfiguration } from "../../../components/hardening/encryptionAtRest";

const key = (generation: number, bytes = 32) => ({
  generation,
  secret: Buffer.alloc(bytes, generation).toString("base64"),
});

describe("encryptionConfiguration", () => {
  it("writes with the newest key and reads with the older ones", () => {
    const { resources } = encryptionConfiguration({ resources: ["secrets"], keys: [key(1), key(3), key(2)] });
    const [entry] = resources;
    assert.deepEqual(entry?.resources, ["secrets"]);
    assert.deepEqual(
      entry.providers.flatMap((provider) =>
        "secretbox" in provider ? provider.secretbox.keys.map(({ name }) => name) : ["identity"],
      ),
      ["generation-3", "generation-2", "generation-1"],
    );
  });

  it("reads clear text only when told to, and never writes it", () => {
    const providers = (readClearText: boolean) =>
      encryptionConfiguration({ resources: ["secrets"], keys: [key(1)], readClearText }).resources[0]?.providers.map(
        (one) => Object.keys(one)[0],
      );
    assert.deepEqual(providers(false), ["secretbox"]);
    assert.deepEqual(providers(true), ["secretbox", "identity"]);
  });

  it("refuses a key of the wrong length without showing it, no key, and no resource", () => {
    const short = key(1, 16);
    assert.throws(
      () => encryptionConfiguration({ resources: ["secrets"], keys: [short] }),
      ({ message }: Error) => message.includes("generation-1 must be 32 bytes") && !message.includes(short.secret),
    );
    assert.throws(() => encryptionConfiguration({ resources: ["secrets"], keys: [] }), /at least one key/);
    assert.throws(() => encryptionConfiguration({ resources: [], keys: [key(1)] }), /at least one resource/);
  });
});
