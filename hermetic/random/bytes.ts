import { randomBytes } from "node:crypto";
import { KEEPERS, type RandomKind } from "./kind";

export const randomBytesKind: RandomKind = {
  inputs: { ...KEEPERS, length: { type: "integer", required: true, minimum: 1 } },
  outputs: ["base64", "hex"],
  secret: true,
  generate: (inputs) => {
    const bytes = randomBytes(Number(inputs.length));
    return { id: "none", outputs: { base64: bytes.toString("base64"), hex: bytes.toString("hex") } };
  },
};

export const randomIdKind: RandomKind = {
  inputs: { ...KEEPERS, byteLength: { type: "integer", required: true, minimum: 1 }, prefix: { type: "string" } },
  outputs: ["b64Std", "b64Url", "dec", "hex"],
  secret: false,
  generate: (inputs) => {
    const bytes = randomBytes(Number(inputs.byteLength));
    const prefix = typeof inputs.prefix === "string" ? inputs.prefix : "";
    const hex = bytes.toString("hex");
    return {
      id: bytes.toString("base64url"),
      outputs: {
        b64Std: prefix + bytes.toString("base64"),
        b64Url: prefix + bytes.toString("base64url"),
        dec: prefix + BigInt(`0x${hex}`).toString(),
        hex: prefix + hex,
      },
    };
  },
};
