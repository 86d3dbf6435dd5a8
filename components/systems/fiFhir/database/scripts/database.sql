-- Nobody but the owner comes in, and nobody creates objects beside it.
REVOKE ALL ON DATABASE fi_fhir FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE fi_fhir TO fi_fhir;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
CREATE SCHEMA IF NOT EXISTS fi_fhir AUTHORIZATION fi_fhir;

-- S4.33. The extension and the functions are not the application's to change.
CREATE SCHEMA IF NOT EXISTS extensions;
GRANT USAGE ON SCHEMA extensions TO fi_fhir;
CREATE EXTENSION IF NOT EXISTS pgcrypto SCHEMA extensions;

-- The key is a setting of the session: `options=-c app.encryption_key=...` when connecting, or
-- SELECT set_config('app.encryption_key', $1, false) with a bound parameter. current_setting() fails when it is missing, so
-- nothing is ever written in clear text by mistake.
CREATE OR REPLACE FUNCTION extensions.encrypt_payload(payload text) RETURNS bytea
  LANGUAGE sql VOLATILE STRICT SET search_path = extensions, pg_catalog AS
$$ SELECT pgp_sym_encrypt(payload, current_setting('app.encryption_key'), 'cipher-algo=aes256, compress-algo=1') $$;

CREATE OR REPLACE FUNCTION extensions.decrypt_payload(payload bytea) RETURNS text
  LANGUAGE sql STABLE STRICT SET search_path = extensions, pg_catalog AS
$$ SELECT pgp_sym_decrypt(payload, current_setting('app.encryption_key')) $$;
