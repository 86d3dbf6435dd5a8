import { execFile } from "node:child_process";
import { dirname } from "node:path";
import { promisify } from "node:util";
import { stringify } from "yaml";
import { makePrivateDirectory, writePrivateFile } from "../files";
import { choosePorts, replaceTakenPorts } from "../ports";
import { daemonEnvironment, findDaemon, findProgram } from "../processes";
import { admissionConfiguration } from "./admission";
import { PROGRAMS, type Program } from "./daemons";
import { prepareEncryption } from "./encryption";
import type { ClusterInputs } from "./inputs";
import { kubeconfig } from "./kubeconfig";
import { PORT_NAMES, type Layout, type Ports } from "./layout";
import { USERS, type User } from "./pki";
import { stages } from "./stages";

/** Where the five programs are, or an error that names the missing one. */
export function findPrograms(): Record<Program, string> {
  return Object.fromEntries(PROGRAMS.map((name) => [name, findProgram(name)])) as Record<Program, string>;
}

/** The version is an input, known at preview and told to charts: what really runs must be the same. */
export async function checkVersion(programs: Readonly<Record<Program, string>>, wanted: string): Promise<void> {
  const kubernetes = ["kube-apiserver", "kube-controller-manager", "kube-scheduler"] as const;
  await Promise.all(
    kubernetes.map(async (name) => {
      const { stdout } = await promisify(execFile)(programs[name], ["--version"], { env: daemonEnvironment() });
      const found = /v(\d+\.\d+\.\d+)/.exec(stdout)?.[1] ?? stdout.trim();
      if (found === wanted) return;
      throw new Error(
        `${name} on PATH (${programs[name]}) is version ${found}, but kubernetesVersion is ${wanted}. ` +
          `Set kubernetesVersion to ${found}, or get the other version with \`npm run tools\`.`,
      );
    }),
  );
}

const PORT_USERS: Readonly<Record<keyof Ports, Program>> = {
  apiServer: "kube-apiserver",
  etcd: "etcd",
  etcdPeer: "etcd",
  controllerManager: "kube-controller-manager",
  scheduler: "kube-scheduler",
  kwok: "kwok",
};

/** The cluster's ports; those of a program that does not run are changed when somebody else listens there now. */
export async function usablePorts(layout: Layout): Promise<Ports> {
  const idle = PORT_NAMES.filter((name) => findDaemon(layout.directory, PORT_USERS[name]) === undefined);
  await replaceTakenPorts(layout.ports, idle);
  return choosePorts(layout.ports, PORT_NAMES);
}

/** Writes all configuration files; a program whose file has changed is restarted when it is started again. */
export function writeConfiguration(layout: Layout, inputs: ClusterInputs, server: string): { rewrite: string[] } {
  makePrivateDirectory(layout.etcdData);
  makePrivateDirectory(dirname(layout.auditLog));
  writePrivateFile(layout.auditPolicy, stringify(inputs.auditPolicy));
  writePrivateFile(layout.admission, stringify(admissionConfiguration(inputs.podSecurity)));
  writePrivateFile(
    layout.stages,
    stages()
      .map((stage) => stringify(stage))
      .join("---\n"),
  );
  for (const user of Object.keys(USERS) as User[]) {
    writePrivateFile(layout.kubeconfig(user), kubeconfig(inputs.name, server, layout.pki, user));
  }
  return prepareEncryption(layout, inputs.encryption);
}
