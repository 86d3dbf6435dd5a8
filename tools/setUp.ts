import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import { execa } from "execa";
import { Listr, type ListrTask } from "listr2";
import { acquire, isPresent } from "./acquire";
import { toolEnvironment } from "./environment";
import { root } from "./paths";
import { providePlugins } from "./plugins";
import { programs } from "./programs";
import { isProvided, provideSource, readSources } from "./sources";

/** Seconds between two progress lines where the output is a log and not a terminal. */
const LOG_INTERVAL = 15;

/**
 * Gets everything that the project calls. What is there already is not touched and not mentioned; a step that was
 * interrupted is done again, and Go's own cache keeps what it had compiled.
 */
export async function setUp(): Promise<void> {
  const sources = await readSources();
  const missingPrograms = programs.filter((program) => !isPresent(program));
  const missingSources = Object.entries(sources).filter(([name, source]) => !isProvided(name, source));
  const steps: Step[] = [
    ...missingPrograms.map((program) => ({
      title: `${program.name} ${program.version}`,
      run: async (progress: Progress) => {
        const { origin, detail } = await acquire(program, progress);
        return origin === "source" ? `built from ${detail}` : `${origin}: ${detail}`;
      },
    })),
    ...missingSources.map(([name, source]) => ({
      title: `${name} ${source.version} (${[source.chart && "chart", source.crds && "CRDs"].filter(Boolean).join(", ")})`,
      run: async () => {
        await provideSource(name, source);
        return `Go module ${source.module}`;
      },
    })),
  ];
  if (steps.length > 0) await runSteps(steps);
  await plugins();
}

async function plugins(): Promise<void> {
  const chosen = await providePlugins((line) => console.log(`  ${line}`));
  const list = chosen.map(({ executable, origin }) => `${executable.replace("pulumi-", "")} (${origin})`);
  console.log(`plugins: ${list.join(", ")}`);
  await policyPack();
}

/** Bundles the policy pack when something in it is newer than the bundle. */
async function policyPack(): Promise<void> {
  const folder = path.join(root, "policy-pack");
  const bundle = await stat(path.join(folder, "bin", "index.js")).catch(() => undefined);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const sources = entries.filter((entry) => entry.isFile() && !/\/(bin|node_modules)(\/|$)/.test(entry.parentPath));
  const times = await Promise.all(
    sources.map(async ({ parentPath, name }) => (await stat(path.join(parentPath, name))).mtimeMs),
  );
  if (bundle && Math.max(...times) < bundle.mtimeMs) return;
  await execa("node", ["policy-pack/build.mjs"], { cwd: root, env: toolEnvironment() });
}

type Progress = (line: string) => void;
interface Step {
  title: string;
  run: (progress: Progress) => Promise<string>;
}

async function runSteps(steps: Step[]): Promise<void> {
  const started = Date.now();
  const tasks: ListrTask[] = steps.map(({ title, run }, index) => ({
    title: `[${index + 1}/${steps.length}] ${title}`,
    task: async (_, task) => {
      const begun = Date.now();
      let last = begun;
      const outcome = await run((line) => {
        const now = Date.now();
        if (!process.stdout.isTTY && now - last < LOG_INTERVAL * 1000) return;
        last = now;
        const left = steps.length - index - 1;
        task.output = `${title}: ${line} (${seconds(begun)} s; ${left} more to get)`;
      });
      task.title = `[${index + 1}/${steps.length}] ${title}: ${outcome} (${seconds(begun)} s)`;
    },
  }));
  await new Listr(tasks, { concurrent: false, fallbackRenderer: "simple" }).run();
  console.log(`tools: ready in ${seconds(started)} s`);
}

const seconds = (since: number): string => ((Date.now() - since) / 1000).toFixed(0);
