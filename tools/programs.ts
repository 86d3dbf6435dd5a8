import path from "node:path";
import { root } from "./paths";

/** A file of a release that the program's own project publishes. */
export interface Release {
  url: string;
  /** Where the publisher lists the SHA-256 of that file. */
  checksums: string;
  /** Path of the program inside the archive; absent when the file is the program. */
  member?: string;
}

export interface Program {
  name: string;
  version: string;
  /** How one on the machine is recognised: the arguments that print its version, and the semver range that will do. */
  installed?: { versionArguments: string[]; fits: string };
  release?: (platform: Platform) => Release;
  /** How it is built where no release can be had. */
  build: GoBuild | ScriptBuild;
}

export interface GoBuild {
  kind: "go";
  /** Folder of the go.mod that pins it. */
  module: string;
  package: string;
  linkerFlags: string[];
}

export interface ScriptBuild {
  kind: "script";
  /** Folder whose `build.sh OUT` writes the program to OUT; its files decide whether a cached build is still right. */
  module: string;
}

export interface Platform {
  os: "linux" | "darwin";
  arch: "amd64" | "arm64";
}

const KUBERNETES = "1.36.3";
const ETCD = "3.6.8";
const KWOK = "0.8.0";
const HELM = "3.22.0";
const PULUMI = "3.259.0";
const VAULT = "1.21.0";
const EXTERNAL_SECRETS = "0.20.4";

const module = (name: string): string => path.join(root, "tools", name);

/* The version is stamped in at link time, as the projects' own releases do: the API server reports it to its clients. */
const kubernetesFlags = [
  `-X k8s.io/component-base/version.gitVersion=v${KUBERNETES}`,
  "-X k8s.io/component-base/version.gitMajor=1",
  "-X k8s.io/component-base/version.gitMinor=36",
];

function kubernetes(name: string): Program {
  return {
    name,
    version: KUBERNETES,
    installed: { versionArguments: ["--version"], fits: "~1.36" },
    release: ({ os, arch }) => {
      const url = `https://dl.k8s.io/v${KUBERNETES}/bin/${os}/${arch}/${name}`;
      return { url, checksums: `${url}.sha256` };
    },
    build: {
      kind: "go",
      module: module("kubernetes"),
      package: `k8s.io/kubernetes/cmd/${name}`,
      linkerFlags: kubernetesFlags,
    },
  };
}

function kwok(name: string): Program {
  return {
    name,
    version: KWOK,
    installed: { versionArguments: ["--version"], fits: "~0.8" },
    build: {
      kind: "go",
      module: module("kubernetes"),
      package: `sigs.k8s.io/kwok/cmd/${name}`,
      linkerFlags: [],
    },
  };
}

/** Every program that the project calls, longest build first so that what is left gets shorter. */
export const programs: Program[] = [
  kubernetes("kube-apiserver"),
  kubernetes("kube-controller-manager"),
  kubernetes("kube-scheduler"),
  {
    name: "etcd",
    version: ETCD,
    installed: { versionArguments: ["--version"], fits: "~3.6" },
    release: ({ os, arch }) => {
      const folder = `etcd-v${ETCD}-${os}-${arch}`;
      const base = `https://github.com/etcd-io/etcd/releases/download/v${ETCD}`;
      return { url: `${base}/${folder}.tar.gz`, checksums: `${base}/SHA256SUMS`, member: `${folder}/etcd` };
    },
    build: { kind: "go", module: module("kubernetes"), package: "go.etcd.io/etcd/server/v3", linkerFlags: [] },
  },
  kwok("kwok"),
  kwok("kwokctl"),
  {
    name: "helm",
    version: HELM,
    installed: { versionArguments: ["version", "--short"], fits: ">=3.17 <4" },
    release: ({ os, arch }) => {
      const url = `https://get.helm.sh/helm-v${HELM}-${os}-${arch}.tar.gz`;
      return { url, checksums: `${url}.sha256sum`, member: `${os}-${arch}/helm` };
    },
    build: {
      kind: "go",
      module: module("kubernetes"),
      package: "helm.sh/helm/v3/cmd/helm",
      linkerFlags: [
        `-X helm.sh/helm/v3/internal/version.version=v${HELM}`,
        "-X helm.sh/helm/v3/pkg/chartutil.k8sVersionMajor=1",
        "-X helm.sh/helm/v3/pkg/chartutil.k8sVersionMinor=36",
      ],
    },
  },
  {
    name: "pulumi",
    version: PULUMI,
    // 3.249 is the first that analyses an exported state with a policy pack; 4 may change the plugin protocol.
    installed: { versionArguments: ["version"], fits: ">=3.249 <4" },
    release: ({ os, arch }) => ({
      url: `https://get.pulumi.com/releases/sdk/pulumi-v${PULUMI}-${os}-${arch === "amd64" ? "x64" : arch}.tar.gz`,
      checksums: `https://github.com/pulumi/pulumi/releases/download/v${PULUMI}/pulumi-${PULUMI}-checksums.txt`,
      member: "pulumi/pulumi",
    }),
    build: {
      kind: "go",
      module: module("pulumi"),
      package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
      linkerFlags: [`-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${PULUMI}`],
    },
  },
  {
    name: "vault",
    version: VAULT,
    installed: { versionArguments: ["version"], fits: ">=1.18 <3" },
    release: ({ os, arch }) => {
      const base = `https://releases.hashicorp.com/vault/${VAULT}`;
      return {
        url: `${base}/vault_${VAULT}_${os}_${arch}.zip`,
        checksums: `${base}/vault_${VAULT}_SHA256SUMS`,
        member: "vault",
      };
    },
    build: { kind: "script", module: module("vault") },
  },
  {
    // Released as a container image only: there is nothing to find on a machine or to download.
    name: "external-secrets",
    version: EXTERNAL_SECRETS,
    build: { kind: "script", module: module("external-secrets") },
  },
];
