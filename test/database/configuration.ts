/** Prints one file of the database's configuration with every directory below ROOT: used by rehearse.sh. */
import { DATABASE_PATHS } from "../../components/systems/fiFhir/database/paths";
import { pgHbaConf, postgresqlConf } from "../../components/systems/fiFhir/database/postgresql";
import { clientConf, restoreConf, serverConf } from "../../components/systems/fiFhir/database/storage";
import { DATABASE, DATABASE_HOST } from "../../components/systems/fiFhir/names";

const [file = "", root = "", port = "5432", backupPort = "8432"] = process.argv.slice(2);
const storage = "file:///backups";
const contents: Record<string, string> = {
  "postgresql.conf": postgresqlConf(),
  "pg_hba.conf": pgHbaConf(),
  "server.conf": serverConf(storage),
  "client.conf": clientConf(storage),
  "restore.conf": restoreConf(storage),
};
const content = contents[file];
if (content === undefined) throw new Error(`no such file: ${file}; there are ${Object.keys(contents).join(", ")}`);

const directories = [...new Set([...Object.values(DATABASE_PATHS), "/backups", "/tmp/pgbackrest"])];
const moved = directories
  .sort((a, b) => b.length - a.length)
  .reduce(
    (text, directory) => text.replaceAll(new RegExp(`(?<![\\w/.-])${directory}(?![\\w-])`, "g"), root + directory),
    content,
  );
process.stdout.write(
  moved
    .replaceAll(String(DATABASE.port), port)
    .replaceAll(String(DATABASE.backupPort), backupPort)
    .replaceAll(DATABASE_HOST, "localhost")
    .replaceAll("listen_addresses = '*'", "listen_addresses = '127.0.0.1'")
    .replaceAll("tls-server-address=*", "tls-server-address=127.0.0.1"),
);
