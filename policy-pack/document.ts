import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { format } from "prettier";
import { catalogue } from "./controls/catalogue";
import { FRAMEWORKS, type Control } from "./controls/control";

/** The reference pages, by file name: one for each control and a table of all of them. */
export async function referencePages(): Promise<Map<string, string>> {
  const pages = catalogue.map((control): [string, string] => [`${control.id}.md`, pageOf(control)]);
  const all: [string, string][] = [["README.md", tableOf(catalogue)], ...pages];
  return new Map(
    await Promise.all(all.map(async ([name, text]): Promise<[string, string]> => [name, await pretty(text)])),
  );
}

const pretty = (text: string): Promise<string> => format(text, { parser: "markdown", printWidth: 120 });

const NOTE = "<!-- Generated from policy-pack/controls by policy-pack/document.ts. Change the entry there. -->";

function pageOf(control: Control): string {
  const { dev, prod } = control.enforcement;
  return (
    [
      NOTE,
      `# ${control.id} ${control.title}`,
      control.what,
      `**Why.** ${control.why}`,
      `| severity | on dev stacks | on prod stacks |\n| --- | --- | --- |\n| ${control.severity} | ${dev} | ${prod} |`,
      `## What passes\n\n${fence(control)}`,
      `## How to fix it\n\n${control.remediation.map((step, index) => `${String(index + 1)}. ${step}`).join("\n")}`,
      ...unknownSection(control),
      ...referenceSection(control),
      `## Elsewhere\n\n${control.peers}`,
      ...(control.exemptable === false ? ["This control cannot be exempted."] : []),
    ].join("\n\n") + "\n"
  );
}

function fence({ good }: Control): string {
  const language = good.startsWith("new ") ? "ts" : "yaml";
  return `\`\`\`${language}\n${good}\n\`\`\``;
}

function unknownSection({ allowUnknown = [] }: Control): string[] {
  const rest = "is unknown at preview is a violation";
  if (allowUnknown.length === 0) return [`## Unknown values\n\nA field that this control reads and that ${rest}.`];
  const exceptions = allowUnknown.map(({ field, reason }) => `- \`${field}\`: ${reason}`).join("\n");
  return [`## Unknown values\n\nA field that this control reads and that ${rest}, except:\n\n${exceptions}`];
}

function referenceSection({ references }: Control): string[] {
  const rows = references.map(({ framework, id, ours }) => {
    const { specification, version } = FRAMEWORKS[framework];
    return `| [${framework}](${specification}) ${version} | ${id} | ${ours ? "ours" : "published"} |`;
  });
  return [
    `## References\n\n| framework | reference | mapping |\n| --- | --- | --- |\n${rows.join("\n")}`,
    ...(references.some(({ ours }) => ours) ? ["*Ours*: no published source draws this line; the project does."] : []),
  ];
}

function tableOf(controls: readonly Control[]): string {
  const rows = controls.map(
    ({ id, title, severity, enforcement }) =>
      `| [${id}](${id}.md) | ${title} | ${severity} | ${enforcement.dev} | ${enforcement.prod} |`,
  );
  return (
    [
      NOTE,
      "# Controls of the policy pack",
      `${String(controls.length)} controls. How to install and configure the pack: [policy-pack/README.md](../../policy-pack/README.md).`,
      `| control | title | severity | dev | prod |\n| --- | --- | --- | --- | --- |\n${rows.join("\n")}`,
    ].join("\n\n") + "\n"
  );
}

export const PAGES = path.resolve(__dirname, "..", "docs", "policies");

async function main(): Promise<void> {
  const pages = await referencePages();
  await mkdir(PAGES, { recursive: true });
  for (const name of await readdir(PAGES)) if (!pages.has(name)) await rm(path.join(PAGES, name));
  for (const [name, text] of pages) await writeFile(path.join(PAGES, name), text);
  process.stdout.write(`wrote ${String(pages.size)} pages to ${PAGES}\n`);
}

if (require.main === module) {
  main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
}
