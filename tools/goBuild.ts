import { mkdir, rename } from "node:fs/promises";
import path from "node:path";
import { execa } from "execa";
import semver from "semver";
import type { GoBuild } from "./programs";

const MINIMUM_GO = "1.21.0"; // the first that fetches the toolchain which a go.mod names

/** Throws one clear error when no usable Go is on PATH. */
export async function requireGo(): Promise<void> {
  const result = await execa("go", ["env", "GOVERSION"], { reject: false });
  const version = semver.coerce(result.stdout ?? "");
  if (result.exitCode !== 0 || !version) {
    throw new Error(
      "go is not on PATH, and some programs must be built from source: no release of them can be downloaded from this machine. " +
        "Install Go 1.21 or newer (https://go.dev/dl) and run the same command again.",
    );
  }
  if (semver.lt(version, MINIMUM_GO)) {
    throw new Error(
      `go is ${result.stdout}; allowed: 1.21 or newer, which fetches the toolchain that tools/*/go.mod names.`,
    );
  }
}

/** `GOTOOLCHAIN=auto`: an older Go fetches the toolchain that go.mod asks for, through the module proxy. */
export const goEnvironment = {
  CGO_ENABLED: "0",
  GOFLAGS: "-mod=readonly -buildvcs=false",
  GOTOOLCHAIN: "auto",
  GOWORK: "off",
};

/**
 * Builds one program to `output`. Go's own cache makes an interrupted build go on where it stopped; the program appears
 * under its name only when it is whole.
 *
 * @param progress is called with one line for each package that had to be compiled.
 */
export async function goBuild(build: GoBuild, output: string, progress: (line: string) => void): Promise<void> {
  await mkdir(path.dirname(output), { recursive: true });
  const partial = `${output}.partial`;
  const flags = ["-s", "-w", ...build.linkerFlags].join(" ");
  const running = execa("go", ["build", "-v", "-trimpath", "-ldflags", flags, "-o", partial, build.package], {
    cwd: build.module,
    env: goEnvironment,
    reject: false,
    all: true,
    buffer: true,
  });
  let compiled = 0;
  for await (const line of running.iterable({ from: "stderr" })) {
    if (line.startsWith("go: downloading")) progress(line.replace("go: ", ""));
    else progress(`${++compiled} packages compiled, now ${line}`);
  }
  const result = await running;
  if (result.failed) {
    throw new Error(
      `go build ${build.package} (in ${build.module}) failed:\n${result.all?.split("\n").slice(-30).join("\n")}`,
    );
  }
  await rename(partial, output);
}
