-- Runs as the owner of the table, with app.encryption_key set by the caller. A second run changes nothing.
SET lock_timeout = '10s';

DO $$
DECLARE
  payload_type text;
BEGIN
  SELECT data_type INTO payload_type
    FROM information_schema.columns
   WHERE table_schema = 'fi_fhir' AND table_name = 'workflow_events' AND column_name = 'payload';
  IF payload_type IS NULL THEN
    RAISE NOTICE 'fi_fhir.workflow_events.payload does not exist yet: start fi-fhir first';
  ELSIF payload_type = 'bytea' THEN
    RAISE NOTICE 'fi_fhir.workflow_events.payload is encrypted already';
  ELSE
    ALTER TABLE fi_fhir.workflow_events
      ALTER COLUMN payload TYPE bytea USING extensions.encrypt_payload(payload::text);
    RAISE NOTICE 'fi_fhir.workflow_events.payload is encrypted now';
  END IF;
END
$$;
