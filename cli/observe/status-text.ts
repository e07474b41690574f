import * as path from "node:path";
import { stripVTControlCharacters } from "node:util";
import { short } from "../../protocols/ethereum/checks";
import { table } from "../ui/table";
import { paint } from "./paint";
import type { DaemonStatus, StatusReport } from "./status";

const MEBIBYTE = 1024 * 1024;

const HEAD = [
  ["NODE", "DAEMON", "ROLE", "CLIENT", "PID", "STATE"],
  ["HEIGHT", "HEAD", "FINAL", "PEERS", "MB", "ENDPOINT", "LOG"],
].flat();

/**
 * A row for each daemon, then a summary. Where the columns do not fit the width, logs are told once below.
 * @param width columns of the terminal; undefined where there is none
 */
export function statusText(report: StatusReport, width?: number): string {
  const rows = report.daemons.map(row);
  const problems = report.daemons.flatMap(({ daemon, alive, problem }) =>
    alive && problem !== null ? [`${daemon} does not answer: ${problem}`] : [],
  );
  const whole = table(HEAD, rows);
  const fits = width === undefined || widthOf(whole) <= width;
  const log = report.daemons[0]?.log ?? "";
  return [
    fits
      ? whole
      : table(
          HEAD.slice(0, -1),
          rows.map((cells) => cells.slice(0, -1)),
        ),
    "",
    ...problems.map((problem) => paint("yellow", problem)),
    ...(fits ? [] : [`logs: ${relative(path.join(path.dirname(log), "DAEMON.log"))}`]),
    summaryLine(report),
  ].join("\n");
}

/** The network in one line, e.g. for a log that is written every few seconds. */
export function summaryLine({ network, era, ok, summary }: StatusReport): string {
  const { daemons, running, block, slot, finalizedEpoch, memoryBytes } = summary;
  const count = paint(ok ? "green" : "red", `${running} of ${daemons} daemons run`);
  const height = `block ${block ?? "-"}, slot ${slot ?? "-"}, finalized epoch ${finalizedEpoch ?? "-"}`;
  return `${network} era ${era}: ${count}, ${height}, ${megabytes(memoryBytes)} MB`;
}

/** The same with the daemons that are dead or silent. */
export function watchLine(report: StatusReport): string {
  const wrong = report.daemons.flatMap(({ daemon, alive, state, problem }) => {
    if (!alive) return [`${daemon} ${WORDS[state]}`];
    return problem === null ? [] : [`${daemon} does not answer`];
  });
  return [summaryLine(report), ...wrong].join(", ");
}

const WORDS: Readonly<Record<DaemonStatus["state"], string>> = {
  running: "alive",
  starting: "starting",
  ended: "dead",
  stopped: "stopped",
  killed: "killed",
  missing: "missing",
};

function row(daemon: DaemonStatus): string[] {
  const { node, role, client, version, pid, state, height, head, finalizedEpoch, peers } = daemon;
  const colour = daemon.alive ? (daemon.problem === null ? "green" : "yellow") : "red";
  return [
    node,
    daemon.daemon,
    role,
    `${client} ${version}`,
    cell(pid),
    paint(colour, WORDS[state]),
    cell(height),
    head === null ? "-" : short(head),
    cell(finalizedEpoch),
    cell(peers),
    daemon.memoryBytes === null ? "-" : megabytes(daemon.memoryBytes),
    daemon.endpoint,
    relative(daemon.log),
  ];
}

function cell(value: number | null): string {
  return value === null ? "-" : String(value);
}

function megabytes(bytes: number): string {
  return (bytes / MEBIBYTE).toFixed(0);
}

/** A path as it is quickest to type here. */
function relative(file: string): string {
  const short = path.relative(process.cwd(), file);
  return short.startsWith("..") || short === "" ? file : short;
}

function widthOf(text: string): number {
  return Math.max(...text.split("\n").map((line) => stripVTControlCharacters(line).length));
}
