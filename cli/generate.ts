import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { format, resolveConfig } from "prettier";
import { daemonValuesSchema } from "../components/kubernetes/network/values";
import { ERROR_CODES } from "../errors/codes";
import { manifestSchemas } from "../manifests/generate";
import { stackFileSchema } from "../stacks/config/json-schema";
import { loadStackConfig, stacksIn } from "../stacks/config/file";
import { kindOf } from "../stacks/kind";
import { costPage } from "../stacks/cost/page";
import { environmentSchema } from "../stacks/environment-document";
import { flagsInHelp } from "../tools/client-flags";
import { resolveProgram } from "../tools/resolve";
import { PROGRAM_DIRECTORY } from "./context";

/** Files made from our own tables, by path. `npm run generate` writes them; a test compares. */
export async function generatedFiles(): Promise<Record<string, string>> {
  return {
    "stacks/config/stack.schema.json": `${JSON.stringify(stackFileSchema(), undefined, 2)}\n`,
    "stacks/environment.schema.json": await formatted("json", JSON.stringify(environmentSchema())),
    "protocols/own-services.json": await formatted("json", JSON.stringify(ownServices())),
    "charts/daemon/values.schema.json": await formatted("json", JSON.stringify(daemonValuesSchema())),
    "docs/errors.md": await markdown(errorsPage()),
    "docs/environment-costs.md": await markdown(costPage(shippedEnvironments())),
  };
}

/** Programs of our own that run beside daemons, by file name: a plan holds their text, and reads no files. */
function ownServices(): Record<string, string> {
  const folder = path.join(PROGRAM_DIRECTORY, "services");
  const files = fs.readdirSync(folder).sort();
  return Object.fromEntries(files.map((file) => [file, fs.readFileSync(path.join(folder, file), "utf8")]));
}

/** Environments of clusters among the stack files that come with the program. */
function shippedEnvironments(): Parameters<typeof costPage>[0] {
  const stacks = stacksIn(PROGRAM_DIRECTORY).map((stack) => {
    const found = kindOf(loadStackConfig(PROGRAM_DIRECTORY, stack));
    return found.kind === "environment" ? [[stack, found.environment] as const] : [];
  });
  return Object.fromEntries(stacks.flat());
}

function markdown(text: string): Promise<string> {
  return formatted("markdown", text);
}

async function formatted(parser: "markdown" | "json", text: string): Promise<string> {
  const options = await resolveConfig(path.join(PROGRAM_DIRECTORY, "docs/errors.md"));
  return format(text, { ...options, parser });
}

const AREAS = {
  1: "Configuration and usage",
  2: "Engine and clouds",
  3: "Chain",
  4: "This machine",
} as const;

function errorsPage(): string {
  const codes = Object.entries(ERROR_CODES);
  const sections = Object.entries(AREAS).map(([digit, title]) => {
    const entries = codes.filter(([code]) => code.startsWith(`TN${digit}`));
    const rows = entries.map(
      ([code, { title, exit }]) => `| [${code}](#${code.toLowerCase()}) | ${title} | ${exit} |`,
    );
    const texts = entries.map(
      ([code, entry]) => `### ${code}\n\n**${entry.title}.** ${entry.meaning}\n\nTo do: ${entry.remedy}\n`,
    );
    return [
      `## TN${digit}xxx: ${title}`,
      "| code | error | exit |\n| --- | --- | --- |\n" + rows.join("\n"),
      ...texts,
    ].join("\n\n");
  });
  return [
    "# Errors",
    "Every error names what is wrong, the value given, what is allowed and what to do. " +
      "Commands end with 0 (ok), 1 (failed), 2 (usage or configuration) or 130 (interrupted). " +
      "This page is generated from `errors/codes/` by `npm run generate`.",
    ...sections,
  ].join("\n\n");
}

/** Flag tables of the clients, by path: read from the real programs, which are built where they are missing. */
export async function flagTables(): Promise<Record<string, string>> {
  const tables = Object.entries(FLAG_TABLES).map(async ([program, file]) => {
    const { path: executable } = await resolveProgram(program as keyof typeof FLAG_TABLES, {
      onProgress: ({ text }) => process.stderr.write(`${text}\n`),
    });
    const help = execFileSync(executable, ["--help"], { encoding: "utf8" });
    return [file, `${JSON.stringify(flagsInHelp(help), undefined, 2)}\n`] as const;
  });
  return Object.fromEntries(await Promise.all(tables));
}

const FLAG_TABLES = {
  geth: "protocols/ethereum/flags/geth-1.17.8.json",
  "beacon-chain": "protocols/ethereum/flags/prysm-beacon-chain-6.0.4.json",
  validator: "protocols/ethereum/flags/prysm-validator-6.0.4.json",
} as const;

async function write(): Promise<void> {
  for (const [name, content] of Object.entries({
    ...(await generatedFiles()),
    ...(await flagTables()),
    ...manifestSchemas(),
  })) {
    fs.mkdirSync(path.dirname(path.join(PROGRAM_DIRECTORY, name)), { recursive: true });
    fs.writeFileSync(path.join(PROGRAM_DIRECTORY, name), content);
    process.stderr.write(`wrote ${name}\n`);
  }
}

if (require.main === module) void write();
