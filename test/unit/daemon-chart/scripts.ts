import { spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as path from "node:path";

/** The scripts of the chart, as they stand in it. */
export const CHART = path.join(__dirname, "..", "..", "..", "charts", "daemon");

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end with nothing but the environment given. */
export async function run(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Ran> {
  const child = spawn(program, [...args], { env: { ...env }, stdio: ["ignore", "pipe", "pipe"] });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, stdout, stderr };
}

/** Directories as a pod has them, below one of a test. */
export class PodDirectories {
  readonly places: Readonly<
    Record<"bundle" | "keys" | "run" | "data" | "shared" | "inline" | "account", string>
  >;

  constructor(root: string) {
    const at = (name: string) => path.join(root, name);
    this.places = {
      bundle: at("bundle/bundle.json"),
      ...{ keys: at("keys"), run: at("run"), data: at("data"), shared: at("shared") },
      ...{ inline: at("inline"), account: at("account") },
    };
    for (const name of ["bundle", "keys", "run", "data", "shared", "inline", "account"]) {
      fs.mkdirSync(at(name));
    }
  }

  putBundle(files: Readonly<Record<string, string>>): void {
    fs.writeFileSync(this.places.bundle, JSON.stringify({ version: 1, files }));
  }

  /** Runs prepare.mjs for a daemon `d-1` of the network `net`. */
  prepare(settings: object, env: Readonly<Record<string, string>> = {}): Promise<Ran> {
    const common = { daemon: "d-1", network: "net", secretName: "testnet/net/d-1" };
    return run(process.execPath, [path.join(CHART, "files", "prepare.mjs")], {
      TESTNET_PREPARE: JSON.stringify({ ...common, ...settings }),
      TESTNET_PLACES: JSON.stringify(this.places),
      TESTNET_RETRY: JSON.stringify({ attempts: 3, milliseconds: 20 }),
      ...env,
    });
  }
}

/** Permission bits with set-user, set-group and sticky, in octal. */
export function modeOf(file: string): string {
  return (fs.statSync(file).mode & 0o7777).toString(8);
}
