import { ARCHIVE_TIMEOUT_SECONDS } from "../figures";
import { DATABASE } from "../names";
import { DATABASE_PATHS as PATHS } from "./paths";

/** postgresql.conf: encryption, archive and a log without patient data. Motive above each group. */
export function postgresqlConf(): string {
  return conf({
    "Only TLS 1.3, and only clients with a certificate of our authority (S4.5, S4.32)": {
      listen_addresses: "*",
      port: DATABASE.port,
      ssl: "on",
      ssl_min_protocol_version: "TLSv1.3",
      ssl_cert_file: `${PATHS.tls}/tls.crt`,
      ssl_key_file: `${PATHS.tls}/tls.key`,
      ssl_ca_file: `${PATHS.tls}/ca.crt`,
      password_encryption: "scram-sha-256",
      hba_file: `${PATHS.config}/pg_hba.conf`,
      unix_socket_directories: PATHS.socket,
    },
    "Every change reaches the archive within a minute (S4.52)": {
      wal_level: "replica",
      archive_mode: "on",
      archive_command: `${PATHS.scripts}/pgbackrest.sh --stanza=fi-fhir archive-push %p`,
      archive_timeout: `${String(ARCHIVE_TIMEOUT_SECONDS)}s`,
    },
    "Who connected is recorded (S4.3)": {
      log_destination: "stderr",
      logging_collector: "off",
      log_connections: "on",
      log_disconnections: "on",
      log_line_prefix: "%m [%p] user=%u database=%d client=%h ",
    },
    "No statement, no parameter and no detail of an error is: they hold patient data and could hold keys (S4.33)": {
      log_statement: "none",
      log_min_duration_statement: "-1",
      log_parameter_max_length: "0",
      log_parameter_max_length_on_error: "0",
      log_min_error_statement: "panic",
      log_error_verbosity: "terse",
    },
    "Sized for the pod": { max_connections: "100", shared_buffers: "256MB", dynamic_shared_memory_type: "mmap" },
  });
}

/** Rules of who may log in; the first match counts, the last one refuses. */
export function pgHbaConf(): string {
  return [
    "# The pod's own processes, by their user id.",
    "local   all      postgres                  peer",
    "# fi-fhir: TLS, a certificate made out to its user name, and the password.",
    `hostssl ${DATABASE.database}  ${DATABASE.user}  all  scram-sha-256  clientcert=verify-full`,
    "# Everybody else, also the superuser over the network.",
    "local   all      all                       reject",
    "host    all      all       all             reject",
    "",
  ].join("\n");
}

export function conf(sections: Readonly<Record<string, Readonly<Record<string, string | number>>>>): string {
  return Object.entries(sections)
    .map(([motive, values]) =>
      [`# ${motive}`, ...Object.entries(values).map(([key, value]) => `${key} = '${String(value)}'`), ""].join("\n"),
    )
    .join("\n");
}
