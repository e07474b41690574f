import * as fs from "node:fs/promises";
import * as path from "node:path";
import { BUNDLE_FILE } from "../../components/contracts";
import { writeSecret } from "../../keys/secret-files";
import { type KeyStore, type StoreOwner, alreadyExists, refused } from "./store";

/** Secrets as files of this machine that only their owner may read: `<directory>/<network>/<pod>/bundle.json`. */
export class DirectoryStore implements KeyStore {
  readonly place: string;
  private readonly directory: string;
  private readonly network: string;

  constructor(directory: string, { network }: StoreOwner) {
    this.place = `the folder ${directory}`;
    this.network = network;
    this.directory = path.join(directory, network);
  }

  async has(name: string): Promise<boolean> {
    return (await this.read(name)) !== undefined;
  }

  list(): Promise<string[]> {
    return this.told(this.network, "list its secrets", async () => {
      const entries = await fs.readdir(this.directory, { withFileTypes: true }).catch(ignoreMissing);
      const names = (entries ?? []).filter((entry) => entry.isDirectory()).map(({ name }) => name);
      const there = await Promise.all(names.map(async (name) => ((await this.has(name)) ? [name] : [])));
      return there.flat().sort();
    });
  }

  read(name: string): Promise<string | undefined> {
    return this.told(name, "read this secret", () =>
      fs.readFile(this.file(name), "utf8").catch(ignoreMissing),
    );
  }

  put(name: string, value: string): Promise<void> {
    return this.told(name, "write this secret", async () => {
      const file = this.file(name);
      const draft = `${file}.${process.pid}.${process.hrtime.bigint()}`;
      await writeSecret(draft, value);
      try {
        await fs.link(draft, file); // refuses to replace, and the file is never there in part
      } catch (error) {
        throw codeOf(error) === "EEXIST" ? alreadyExists(this.place, name) : error;
      } finally {
        await fs.rm(draft, { force: true });
      }
    });
  }

  replace(name: string, value: string): Promise<void> {
    return this.told(name, "write this secret", () => writeSecret(this.file(name), value));
  }

  delete(name: string): Promise<void> {
    return this.told(name, "delete this secret", async () => {
      await fs.rm(path.dirname(this.file(name)), { recursive: true, force: true });
      await fs.rmdir(this.directory).catch(() => undefined); // others are in it
    });
  }

  private file(name: string): string {
    return path.join(this.directory, name, BUNDLE_FILE);
  }

  private async told<T>(name: string, action: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (codeOf(error) === undefined) throw error;
      throw refused({ place: this.place, name, action, words: (error as Error).message });
    }
  }
}

function ignoreMissing(error: unknown): undefined {
  if (codeOf(error) !== "ENOENT") throw error;
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
