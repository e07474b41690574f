import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { allTools } from "../../tools/catalog";
import type { ToolOptions, ToolProgress } from "../../tools/context";

/** What the fake Go does when it is asked to install. */
export interface FakeGo {
  /** @default "go1.26.8" */
  readonly version?: string;
  /** Programs that come out. @default ["geth"] */
  readonly programs?: readonly string[];
  /** Shell lines run before the programs are written. */
  readonly before?: string;
}

/**
 * A private world for the tool code: an own PATH with nothing in it but what a test puts there, an own cache and own
 * module folders. Nothing real is found, built or written.
 */
export class ToolWorld {
  readonly root = fs.mkdtempSync(path.join(os.tmpdir(), "testnet-tools-"));
  readonly bin = this.directory("bin");
  readonly modules = this.directory("modules");
  readonly cache = path.join(this.root, "cache");
  readonly log = path.join(this.root, "log");
  readonly progress: ToolProgress[] = [];
  readonly env: NodeJS.ProcessEnv = { PATH: this.bin, HOME: this.root, LOG: this.log };

  constructor() {
    for (const { name } of allTools()) this.module(name);
  }

  /** Options that point everything into this world, with quick timers. */
  options(more: ToolOptions = {}): ToolOptions {
    return {
      env: this.env,
      cacheDirectory: this.cache,
      modulesDirectory: this.modules,
      onProgress: (progress) => this.progress.push(progress),
      tickMilliseconds: 20,
      pollMilliseconds: 10,
      ...more,
    };
  }

  directory(name: string): string {
    const directory = path.join(this.root, name);
    fs.mkdirSync(directory, { recursive: true });
    return directory;
  }

  module(tool: string, sum = "example.org/a v1.0.0 h1:abc=\n"): void {
    const directory = this.directory(path.join("modules", tool));
    fs.writeFileSync(path.join(directory, "go.mod"), `module testnet.tools/${tool}\n\ngo 1.26\n`);
    fs.writeFileSync(path.join(directory, "go.sum"), sum);
  }

  /** A shell script; the commands of the system are there for it, but not in the PATH of the test. */
  script(file: string, body: string): string {
    fs.writeFileSync(file, `#!/bin/sh\nPATH=/usr/bin:/bin\n${body}\n`, { mode: 0o755 });
    return file;
  }

  program(name: string, body: string): string {
    return this.script(path.join(this.bin, name), `echo ${name} >> "$LOG"\n${body}`);
  }

  go({ version = "go1.26.8", programs = ["geth"], before = "" }: FakeGo = {}): void {
    const body = `
      if [ "$1" = version ]; then echo "go version ${version} linux/amd64"; exit 0; fi
      echo "go $*" >> "$LOG"
      ${before}
      for program in ${programs.join(" ")}; do echo '#!/bin/sh' > "$GOBIN/$program"; chmod 755 "$GOBIN/$program"; done`;
    this.script(path.join(this.bin, "go"), body);
  }

  /** What the scripts of this world recorded, one line per run. */
  runs(): string[] {
    return fs.existsSync(this.log) ? fs.readFileSync(this.log, "utf8").trim().split("\n") : [];
  }

  installs(): number {
    return this.runs().filter((line) => line.startsWith("go install")).length;
  }

  /** Names in the cache, hidden ones and locks included. */
  cached(): string[] {
    return fs.existsSync(this.cache) ? fs.readdirSync(this.cache).sort() : [];
  }

  remove(): void {
    fs.rmSync(this.root, { recursive: true, force: true });
  }
}
