import * as fs from "node:fs";
import * as path from "node:path";
import { NetworkHome } from "../../components/local/home";
import type { ProcessRecord } from "../../components/local/process-record";
import { identify, writeProcessRecord } from "../../components/local/processes";
import { makeKeys } from "../../keys/make";
import type { NetworkPlan } from "../../protocols/plan";
import { temporaryDirectory } from "./temporary";

/** A state directory with the records of a network whose daemons are no processes of their own. */
export class FakeHome {
  private readonly directory = temporaryDirectory();
  readonly path = this.directory.path;
  readonly network: NetworkHome;

  constructor(private readonly plan: NetworkPlan) {
    this.network = new NetworkHome(this.path, plan.network);
  }

  /** Every daemon runs: this process stands for all of them. */
  start(): void {
    for (const daemon of this.plan.daemons) this.record(daemon.name, {});
  }

  /** Writes the record of a daemon that runs, but for the changes. */
  record(daemon: string, changes: Partial<ProcessRecord>): void {
    const log = this.network.log(daemon);
    fs.mkdirSync(path.dirname(log), { recursive: true });
    fs.writeFileSync(log, `${daemon} began\n`);
    writeProcessRecord(this.network.processRecord(daemon), {
      ...{ daemon, era: this.plan.era, state: "running", identity: identify(process.pid), log },
      ...{ program: "/nowhere", args: [], startedAt: "2026-01-01T00:00:00.000Z" },
      ...changes,
    });
  }

  /** The daemon has ended by itself: its record tells of a process that is no more. */
  kill(daemon: string): void {
    this.record(daemon, { identity: { pid: process.pid, startTime: "another", boot: "another" } });
  }

  /** Makes the funded accounts and node keys, not the validators'. */
  async makeKeys(): Promise<void> {
    const { secrets, publicKeys } = this.network.era(this.plan.era);
    const quick = this.plan.keys.filter(({ kind }) => kind === "accounts" || kind === "enode");
    await makeKeys(quick, { secrets, publicKeys });
  }

  dispose(): void {
    this.directory.dispose();
  }
}
