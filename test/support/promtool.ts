import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";
import { resolveProgram } from "../../tools/resolve";
import { temporaryDirectory } from "./temporary";

/** Building promtool takes minutes, once. */
export const PROMTOOL_BUILD_MS = 900_000;

/** What promtool made of its files. */
export interface Verdict {
  readonly passed: boolean;
  readonly words: string;
}

/** The real promtool in a directory of its own. Files are JSON, which is YAML too. */
export class Promtool {
  private readonly directory = temporaryDirectory();

  private constructor(private readonly program: string) {}

  static async start(): Promise<Promtool> {
    return new Promtool((await resolveProgram("promtool")).path);
  }

  dispose(): void {
    this.directory.dispose();
  }

  write(file: string, content: unknown): void {
    fs.writeFileSync(path.join(this.directory.path, file), JSON.stringify(content));
  }

  /** Rules must be valid, and leave nothing to say to any lint. */
  lint(file: string): Promise<Verdict> {
    return this.run("check", "rules", "--lint=all", "--lint-fatal", file);
  }

  /** Runs tests of the rules in `rules.json`. */
  test(tests: readonly object[]): Promise<Verdict> {
    this.write("tests.json", { rule_files: ["rules.json"], evaluation_interval: "1m", tests });
    return this.run("test", "rules", "tests.json");
  }

  async run(...args: readonly string[]): Promise<Verdict> {
    try {
      const { stdout, stderr } = await promisify(execFile)(this.program, args, { cwd: this.directory.path });
      return { passed: true, words: `${stdout}${stderr}` };
    } catch (error) {
      const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
      return { passed: false, words: stdout === "" && stderr === "" ? String(error) : `${stdout}${stderr}` };
    }
  }
}
