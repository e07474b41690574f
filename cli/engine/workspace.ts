import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type { LocalWorkspace, Stack } from "@pulumi/pulumi/automation";
import { isMap, parse, parseDocument, stringify } from "yaml";
import { backendDirectory, passphraseFile } from "../../components/local/home";
import { TestnetError } from "../../errors/problem";
import { homeDirectory } from "../../stacks/config/home";
import { stackFile } from "../../stacks/config/file";
import type { CommandContext } from "../context";
import { PROGRAM_DIRECTORY } from "../context";

/** The engine's project: stacks of one project share a backend and see each other. */
const PROJECT = "testnet";

/** Where and how the engine keeps a stack's state. */
export interface Backend {
  readonly env: Readonly<Record<string, string>>;
  /** Directory of the state when it is the default one of this machine; undefined after an explicit login. */
  readonly directory: string | undefined;
}

/**
 * The backend: the one the user logged in to, else a directory of the home with a passphrase kept beside it.
 * @throws TestnetError TN4004 where that cannot be made
 */
export function backendOf(home: string, env: NodeJS.ProcessEnv): Backend {
  if (loggedIn(env)) return { env: {}, directory: undefined };
  const directory = backendDirectory(home);
  try {
    fs.mkdirSync(directory, { recursive: true, mode: 0o700 });
    ensurePassphrase(passphraseFile(home));
  } catch (error) {
    throw unwritable(home, error);
  }
  const given =
    env["PULUMI_CONFIG_PASSPHRASE"] !== undefined || env["PULUMI_CONFIG_PASSPHRASE_FILE"] !== undefined;
  return {
    directory,
    env: {
      PULUMI_BACKEND_URL: `file://${directory}`,
      ...(!given && { PULUMI_CONFIG_PASSPHRASE_FILE: passphraseFile(home) }),
    },
  };
}

/** Whether the user chose a backend: by variable, or with `pulumi login`. */
function loggedIn(env: NodeJS.ProcessEnv): boolean {
  if (env["PULUMI_BACKEND_URL"] !== undefined) return true;
  const file = path.join(env["PULUMI_HOME"] ?? path.join(os.homedir(), ".pulumi"), "credentials.json");
  try {
    return Boolean((JSON.parse(fs.readFileSync(file, "utf8")) as { current?: string }).current);
  } catch {
    return false;
  }
}

function ensurePassphrase(file: string): void {
  try {
    fs.writeFileSync(file, `${randomBytes(32).toString("hex")}\n`, { mode: 0o600, flag: "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}

function unwritable(home: string, cause: unknown): TestnetError {
  return new TestnetError(
    {
      code: "TN4004",
      at: home,
      message: cause instanceof Error ? cause.message : String(cause),
      allowed: "a directory this user may make and write",
    },
    { cause },
  );
}

/** What the engine's processes are told. */
export function engineEnvironment(context: CommandContext, backend: Backend): Record<string, string> {
  return {
    ...backend.env,
    TESTNET_HOME: homeDirectory(process.env, context.directory),
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // Clouds come with plugins that the engine fetches when it first meets one. A network on this machine needs our own
    // only, which is part of the program: nothing is to be downloaded for it.
    ...(isForClusters(context) ? {} : { PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true" }),
    PULUMI_AUTOMATION_API_SKIP_VERSION_CHECK: "true",
  };
}

/** Whether the stack is of clusters, as far as its file, or the engine's copy of it, can tell. */
function isForClusters({ home, directory, stack }: CommandContext): boolean {
  const files = [stackFile(directory, stack), stackFile(path.join(home, "pulumi", stack), stack)];
  const file = files.find((candidate) => fs.existsSync(candidate));
  if (file === undefined) return false;
  const { config } = (parse(fs.readFileSync(file, "utf8")) ?? {}) as { config?: Record<string, unknown> };
  const environment = config?.["testnet:environment"];
  return environment !== undefined && environment !== "local";
}

/**
 * The folder the engine works in: copies of the project and stack files. The engine writes its encryption salt into the
 * stack file it reads, and a file under version control is not the place for one machine's salt.
 */
export function prepareWorkDirectory({ home, directory, stack }: CommandContext): string {
  const work = path.join(home, "pulumi", stack);
  const copy = stackFile(work, stack);
  try {
    fs.mkdirSync(work, { recursive: true, mode: 0o700 });
    const original = stackFile(directory, stack);
    // Without it the copy serves: a stack can be removed after its file was.
    if (fs.existsSync(original)) {
      fs.writeFileSync(copy, withSalt(fs.readFileSync(original, "utf8"), saltOf(copy)));
    }
    fs.writeFileSync(path.join(work, "Pulumi.yaml"), projectFile());
    linkCharts(work);
  } catch (error) {
    throw unwritable(home, error);
  }
  return work;
}

/** Our own charts are named relative to the project, so that no state holds a path of this machine. */
export function linkCharts(work: string): void {
  const link = path.join(work, "charts");
  fs.rmSync(link, { force: true });
  fs.symlinkSync(path.join(PROGRAM_DIRECTORY, "charts"), link);
}

function withSalt(stackFile: string, salt: string | undefined): string {
  const document = parseDocument(stackFile);
  if (salt !== undefined && isMap(document.contents) && !document.has("encryptionsalt")) {
    document.set("encryptionsalt", salt);
  }
  return document.toString();
}

function saltOf(file: string): string | undefined {
  if (!fs.existsSync(file)) return undefined;
  return (parse(fs.readFileSync(file, "utf8")) as { encryptionsalt?: string }).encryptionsalt;
}

/** Our Pulumi.yaml with the plugins' paths made absolute. */
export function projectFile(): string {
  const project = parse(fs.readFileSync(path.join(PROGRAM_DIRECTORY, "Pulumi.yaml"), "utf8")) as {
    plugins: Record<"providers" | "analyzers", { name: string; path: string }[]>;
  };
  [...project.plugins.providers, ...project.plugins.analyzers].forEach((plugin) => {
    plugin.path = path.resolve(PROGRAM_DIRECTORY, plugin.path);
  });
  return stringify(project);
}

/** Whether the default backend holds the stack; undefined where only the engine can tell. */
export function stackExists(backend: Backend, stack: string): boolean | undefined {
  if (backend.directory === undefined) return undefined;
  const folder = path.join(backend.directory, ".pulumi", "stacks", PROJECT);
  return ["json", "json.gz"].some((ending) => fs.existsSync(path.join(folder, `${stack}.${ending}`)));
}

/** Opens the stack, and makes it in the backend where it is new. */
export async function openStack(
  automation: typeof import("@pulumi/pulumi/automation"),
  workspace: LocalWorkspace,
  backend: Backend,
  stack: string,
): Promise<Stack> {
  switch (stackExists(backend, stack)) {
    case true:
      return automation.Stack.select(stack, workspace);
    case false:
      return automation.Stack.create(stack, workspace);
    default:
      return automation.Stack.createOrSelect(stack, workspace);
  }
}
