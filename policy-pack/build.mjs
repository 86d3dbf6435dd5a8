// Bundles the pack into one file, so that it starts fast: `node policy-pack/build.mjs`.
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import * as esbuild from "esbuild";

const HERE = path.dirname(fileURLToPath(import.meta.url));

/**
 * The whole of @pulumi/policy is in the bundle, once: its check for unknown values compares classes, which two copies
 * would not share. Of @pulumi/pulumi it needs assets and the protocol; the rest (Automation API, npm's tree, the
 * TypeScript compiler) would cost half a second of every start.
 */
const slimSdk = {
  name: "slim-sdk",
  setup(build) {
    const resolve = createRequire(path.join(HERE, "package.json")).resolve;
    build.onResolve({ filter: /^@pulumi\/pulumi$/ }, () => ({ path: resolve("@pulumi/pulumi/asset/index.js") }));
  },
};

/** @param {string} [outfile] */
export async function buildPolicyPack(outfile = path.join(HERE, "bin", "index.js")) {
  await esbuild.build({
    absWorkingDir: HERE,
    entryPoints: ["index.ts"],
    outfile,
    bundle: true,
    minify: true,
    keepNames: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    sourcemap: "linked",
    sourcesContent: false,
    legalComments: "none",
    logLevel: "warning",
    plugins: [slimSdk],
  });
  return outfile;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.stdout.write(`built ${path.relative(process.cwd(), await buildPolicyPack())}\n`);
}
