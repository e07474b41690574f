import * as fs from "node:fs/promises";
import * as path from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { TestnetError } from "../../errors/problem";
import type { BackendReader } from "./reader";
import type { Deployment, Holder, StackState } from "./state";

const PROJECT = "testnet";
const ENDINGS = [".json", ".json.gz"] as const;

/** A backend of files, as the engine lays it out: read without the engine, so that hundreds of stacks take no time. */
export class FileReader implements BackendReader {
  readonly place: string;
  readonly atOnce = 16;
  private readonly folder: string;

  constructor(private readonly directory: string) {
    this.place = directory;
    this.folder = path.join(directory, ".pulumi", "stacks", PROJECT);
  }

  async names(): Promise<string[]> {
    try {
      const files = await fs.readdir(this.folder);
      const names = files.flatMap((file) => {
        const ending = ENDINGS.find((one) => file.endsWith(one));
        return ending === undefined ? [] : [file.slice(0, -ending.length)];
      });
      return [...new Set(names)].sort();
    } catch (error) {
      if (isMissing(error)) return [];
      throw new TestnetError(
        { code: "TN2004", at: this.directory, message: (error as Error).message },
        { cause: error },
      );
    }
  }

  async read(stack: string): Promise<StackState | undefined> {
    const text = await this.textOf(stack);
    if (text === undefined) return undefined;
    const { checkpoint } = JSON.parse(text) as { checkpoint?: { latest?: Deployment | null } };
    if (checkpoint === undefined) throw new Error("the file is no state of a stack");
    return {
      stack,
      deployment: checkpoint.latest ?? {},
      tags: await this.tagsOf(stack),
      holders: await this.holdersOf(stack),
    };
  }

  private async textOf(stack: string): Promise<string | undefined> {
    const base = path.join(this.folder, stack);
    try {
      return await fs.readFile(`${base}.json`, "utf8");
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
    try {
      return (await promisify(gunzip)(await fs.readFile(`${base}.json.gz`))).toString("utf8");
    } catch (error) {
      if (!isMissing(error)) throw error;
      return undefined;
    }
  }

  private async tagsOf(stack: string): Promise<Readonly<Record<string, string>>> {
    try {
      const text = await fs.readFile(path.join(this.folder, `${stack}.pulumi-tags`), "utf8");
      return (JSON.parse(text) as { tags?: Record<string, string> }).tags ?? {};
    } catch (error) {
      if (!isMissing(error)) throw error;
      return {};
    }
  }

  private async holdersOf(stack: string): Promise<Holder[]> {
    const folder = path.join(this.directory, ".pulumi", "locks", "organization", PROJECT, stack);
    const files = await fs.readdir(folder).catch(() => []);
    const holders = await Promise.all(
      files.map(async (file): Promise<Holder[]> => {
        try {
          const text = await fs.readFile(path.join(folder, file), "utf8");
          const { username, hostname, timestamp } = JSON.parse(text) as Record<string, string>;
          return [{ who: `${username ?? "somebody"}@${hostname ?? "somewhere"}`, since: timestamp ?? "" }];
        } catch {
          return []; // the run that held it has just ended
        }
      }),
    );
    return holders.flat();
  }
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === "ENOENT";
}
