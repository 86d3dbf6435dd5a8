-- The one role that comes over the network. No superuser, no way to make roles or databases.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'fi_fhir') THEN
    CREATE ROLE fi_fhir LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION CONNECTION LIMIT 60;
  END IF;
END
$$;
ALTER ROLE fi_fhir SET search_path = fi_fhir, extensions;
-- A transaction that a crashed client left open must not hold locks for ever.
ALTER ROLE fi_fhir SET idle_in_transaction_session_timeout = '5min';
