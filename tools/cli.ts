import { Command } from "commander";
import { execa } from "execa";
import { toolEnvironment } from "./environment";
import { root } from "./paths";
import { setUp } from "./setUp";
import { pulumi } from "./stack";

const STACK = "local";

const program = new Command("fhir-landing-zone").description("The landing zone's own commands; each is an npm script.");

program
  .command("start")
  .description("get the tools, then bring up the stack `local` with the policy pack")
  .action(async () => {
    await setUp();
    process.exitCode = await pulumi([
      "up",
      "--stack",
      STACK,
      "--yes",
      "--non-interactive",
      "--suppress-outputs",
      ...display(),
    ]);
    if (process.exitCode === 0) await (await status()).printWelcome(STACK);
  });

program
  .command("status")
  .description("show what runs")
  .option("--stack <name>", "stack", STACK)
  .action(async ({ stack }: { stack: string }) => {
    process.exitCode = await (await status()).printStatus(stack);
  });

program
  .command("destroy")
  .description("remove everything that `npm start` made, except the tools")
  .option("--stack <name>", "stack", STACK)
  .action(async ({ stack }: { stack: string }) => {
    await setUp();
    process.exitCode = await pulumi(["destroy", "--stack", stack, "--yes", "--non-interactive", ...display()]);
  });

program
  .command("pulumi")
  .description("run any Pulumi command with the project's tools on PATH")
  .helpOption(false)
  .allowUnknownOption()
  .argument("[args...]")
  .action(async (args: string[]) => {
    await setUp();
    process.exitCode = await pulumi(args);
  });

program.command("tools").description("get the tools and nothing else").action(setUp);

program
  .command("test")
  .description("get the tools, then run every test")
  .helpOption(false)
  .allowUnknownOption()
  .argument("[mocha arguments...]")
  .action(async (args: string[]) => {
    await setUp();
    const files = args.some((argument) => !argument.startsWith("-")) ? [] : ["test/**/*.test.ts"];
    const mocha = ["--reporter", "tools/testReporter.ts", ...args, ...files];
    const result = await execa("mocha", mocha, { cwd: root, env: toolEnvironment(), stdio: "inherit", reject: false });
    process.exitCode = result.exitCode ?? 1;
  });

/** The Kubernetes client takes a second to load, which most commands don't need. */
const status = () => import("./status.js");

/** Without a terminal a line per step is enough; with one, Pulumi draws its own progress. */
function display(): string[] {
  return process.stdout.isTTY ? [] : ["--color", "never"];
}

program.parseAsync().catch((error: unknown) => {
  console.error(`error: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
