import assert from "node:assert/strict";
import { credentialIn } from "../../policy-pack/lib/credentials";

describe("policy-pack/lib/credentials", () => {
  for (const text of [
    'password="$(<"$DATABASE_PASSWORD_FILE")"',
    'password="${password//\\\\/\\\\\\\\}"',
    'password="${password//:/\\\\:}"',
    'printf \'repo1-cipher-pass=%s\\n\' "$(<"$BACKUP_KEY_FILE")"',
    "-- options=-c app.encryption_key=... when connecting",
    "-- `options=-c app.encryption_key=...` when connecting",
    "password=${PASSWORD}",
    "password=$PASSWORD",
    "password: ${PASSWORD:?}",
    "password=",
  ]) {
    it(`finds nothing in ${text}`, () => assert.equal(credentialIn(text), undefined));
  }

  for (const text of [
    "password=hunter2hunter2",
    "password: 'hunter2'",
    "password=${PASSWORD:-hunter2}",
    'password="${x//*/hunter2}"',
    'password="$(echo hunter2)"',
    "password=%hunter2",
    "password=...hunter2",
    "--db-password hunter2 password=$hunter2",
    "-----BEGIN RSA PRIVATE KEY-----",
  ]) {
    it(`finds one in ${text}, without showing it`, () => {
      const found = credentialIn(text);
      assert.ok(found);
      assert.doesNotMatch(found, /hunter2/);
    });
  }
});
