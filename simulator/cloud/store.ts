import * as fs from "node:fs";
import type { CloudOperation, CloudRecord, Site, TakenName } from "./record";

type Entry =
  | { readonly put: CloudRecord }
  | { readonly remove: string }
  | { readonly taken: TakenName }
  | { readonly operation: CloudOperation };

/**
 * What exists in the simulated clouds, and what was done. Every change is one line appended to a file before it counts:
 * a store that is opened again after a crash is the same.
 */
export class Store {
  private readonly records = new Map<string, CloudRecord>();
  private readonly taken: TakenName[] = [];
  private readonly log = new Map<number, CloudOperation>();
  private readonly file: number;

  constructor(path: string) {
    if (fs.existsSync(path)) this.load(path);
    this.file = fs.openSync(path, "a", 0o600);
  }

  all(): CloudRecord[] {
    return [...this.records.values()];
  }

  ofType(...types: readonly string[]): CloudRecord[] {
    return this.all().filter(({ type }) => types.includes(type));
  }

  get(uid: string): CloudRecord | undefined {
    return this.records.get(uid);
  }

  /** Ids need not differ between accounts and regions. */
  find(type: string, id: string, { account, region }: Site): CloudRecord | undefined {
    return this.ofType(type).find(
      ({ id: other, site }) => other === id && site.account === account && site.region === region,
    );
  }

  put(record: CloudRecord): void {
    this.append({ put: record });
  }

  remove(uid: string): void {
    if (this.records.has(uid)) this.append({ remove: uid });
  }

  /** Keeps a name from being used again. */
  take(taken: TakenName): void {
    this.append({ taken });
  }

  takenNames(): readonly TakenName[] {
    return this.taken;
  }

  operations(): CloudOperation[] {
    return [...this.log.values()];
  }

  begin(operation: Omit<CloudOperation, "number">): CloudOperation {
    const numbered = { ...operation, number: this.log.size + 1 };
    this.append({ operation: numbered });
    return numbered;
  }

  end(operation: CloudOperation, ended: Partial<CloudOperation>): void {
    this.append({ operation: { ...operation, ...ended } });
  }

  close(): void {
    fs.closeSync(this.file);
  }

  private append(entry: Entry): void {
    fs.writeSync(this.file, `${JSON.stringify(entry)}\n`);
    this.apply(entry);
  }

  private apply(entry: Entry): void {
    if ("put" in entry) this.records.set(entry.put.uid, entry.put);
    else if ("remove" in entry) this.records.delete(entry.remove);
    else if ("taken" in entry) this.taken.push(entry.taken);
    else this.log.set(entry.operation.number, entry.operation);
  }

  private load(path: string): void {
    const lines = fs.readFileSync(path, "utf8").split("\n");
    // What stands behind the last line end was being written when the process was killed.
    const whole = lines.slice(0, -1);
    fs.truncateSync(path, Buffer.byteLength(whole.map((line) => `${line}\n`).join("")));
    for (const line of whole) this.apply(JSON.parse(line) as Entry);
  }
}
