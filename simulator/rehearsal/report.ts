import type { TimeReport } from "./critical-path";
import type { PhaseReport } from "./phases";
import type { ClusterSnapshot, Snapshot } from "./snapshot";

/** A chart of a release. */
export interface ChartReport {
  readonly chart: string;
  readonly version?: string;
  /** Whether one of ours was installed in its place. */
  readonly standIn: boolean;
}

/** What came of a rehearsal: the JSON of `testnet rehearse --json`. */
export interface RehearsalReport {
  readonly ok: boolean;
  readonly stack: string;
  /** The stack it stands on. */
  readonly ground?: string;
  /** Real seconds of the whole. */
  readonly seconds: number;
  readonly phases: readonly PhaseReport[];
  /** What policies advise, one entry for each rule and resource. Absent where they advise nothing. */
  readonly advice?: readonly string[];
  /** Absent when `up` did not get far enough. */
  readonly snapshot?: Snapshot;
  /** In simulated time. Absent when `up` failed. */
  readonly time?: TimeReport;
  readonly charts: readonly ChartReport[];
  /** What `destroy` left behind. Empty is what is wanted. */
  readonly leftovers: readonly string[];
}

/** The report for a person, who has been told the phases as they ended. */
export function reportText(report: RehearsalReport): string {
  const sections = [
    [
      `${report.ok ? "✓" : "✗"} rehearsal of ${report.stack}: ${verdict(report)}, ${report.seconds.toFixed(0)} s`,
    ],
    report.snapshot === undefined ? [] : snapshotLines(report.snapshot),
    report.time === undefined ? [] : timeLines(report.time),
    chartLines(report.charts),
    adviceLines(report.advice ?? []),
    leftoverLines(report),
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n");
}

function verdict({ ok, phases, leftovers }: RehearsalReport): string {
  if (ok) return "passed";
  const failed = phases.find((phase) => !phase.ok);
  if (failed !== undefined) return `${failed.name} failed`;
  return leftovers.length > 0 ? "something is left" : "failed";
}

/** One line for a finished phase, with what went wrong below it. */
export function phaseLine({ name, ok, seconds, changes, problems }: PhaseReport): string {
  const what = Object.entries(changes).map(([op, count]) => `${count} ${op}`);
  const words = `${what.join(", ") || "no changes"} (${seconds.toFixed(1)} s)`;
  const more = problems.map((problem) => `\n      ${problem.replaceAll("\n", "\n      ")}`);
  return `  ${ok ? "✓" : "✗"} ${name.padEnd(24)} ${words}${more.join("")}`;
}

function snapshotLines(snapshot: Snapshot): string[] {
  const { resources, clusters, openings, quotasToRaise } = snapshot;
  const counts = Object.entries(resources).map(([cloud, count]) => `${cloud} ${count}`);
  return [
    `While it was up:`,
    `  resources   ${counts.join(", ")}`,
    ...clusters.flatMap(clusterLines),
    ...entranceLines(snapshot),
    ...openings.map(
      ({ cloud, region, name, ...opening }) =>
        `  open        ${cloud} ${region}: ${openingText(opening)}, ${name}`,
    ),
    ...quotasToRaise.map(
      ({ cloud, region, name, used, defaultLimit }) =>
        `  quota       ${cloud} ${region}: ${name}: ${used} used, a new account has ${defaultLimit}`,
    ),
  ];
}

function clusterLines({ id, nodes, nodesReady, namespaces }: ClusterSnapshot): string[] {
  return [
    `  cluster     ${id}: ${nodesReady} of ${nodes} nodes ready`,
    ...namespaces
      .filter(({ pods }) => pods > 0)
      .map(({ name, pods, podsReady }) => `              ${name}: ${podsReady} of ${pods} pods ready`),
  ];
}

function entranceLines({ loadBalancers, addresses, records }: Snapshot): string[] {
  return [
    ...loadBalancers.map(({ cloud, region, name, addresses: on, ports }) => {
      const open = ports.map(({ number, protocol }) => `${protocol} ${number}`).join(", ");
      return `  balancer    ${cloud} ${region}: ${name} on ${on.join(", ")}: ${open}`;
    }),
    ...addresses.map(
      ({ cloud, region, name, address, usedBy }) =>
        `  address     ${cloud} ${region}: ${address}, ${name}${usedBy === undefined ? ", used by nothing" : ""}`,
    ),
    ...records.map(
      ({ fqdn, type, values, ttlSeconds }) =>
        `  name        ${fqdn} ${ttlSeconds} ${type} ${values.join(" ")}`,
    ),
  ];
}

function openingText(opening: object): string {
  const { protocol, from, to } = opening as { protocol?: string; from?: number; to?: number };
  if (protocol === undefined) return JSON.stringify(opening);
  return `${protocol} ${from === to ? from : `${from}-${to}`}`;
}

function timeLines({ makespanSeconds, criticalPathSeconds, ratio, path }: TimeReport): string[] {
  return [
    `In a real cloud \`up\` takes about ${minutes(makespanSeconds)}; the longest chain alone takes ${minutes(criticalPathSeconds)} (ratio ${ratio}):`,
    ...path.map(({ name, type, seconds }) => `  ${minutes(seconds).padStart(9)}  ${name}  ${type}`),
  ];
}

function minutes(seconds: number): string {
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s`;
}

function chartLines(charts: readonly ChartReport[]): string[] {
  const standIns = charts.filter(({ standIn }) => standIn);
  if (standIns.length === 0) return [];
  return [
    "Charts that were replaced by stand-ins of ours (--charts DIR installs the real ones):",
    ...standIns.map(({ chart, version }) => `  ${chart} ${version ?? ""}`),
  ];
}

/** The first of each rule. */
function adviceLines(advice: readonly string[]): string[] {
  const rules = [...new Set(advice.map((line) => line.split(":")[0] ?? ""))];
  const lines = rules.map((rule) => {
    const [first = "", ...others] = advice.filter((line) => line.startsWith(`${rule}:`));
    return `  ${first}${others.length > 0 ? ` (and ${others.length} more; --json shows all)` : ""}`;
  });
  return lines.length === 0 ? [] : ["Policies advise:", ...lines];
}

/** More lines tell a person nothing more. */
const MOST_LEFTOVERS = 20;

function leftoverLines({ leftovers, phases }: RehearsalReport): string[] {
  if (leftovers.length > 0) {
    const shown = leftovers.slice(0, MOST_LEFTOVERS).map((what) => `  ${what}`);
    const more = leftovers.length - shown.length;
    return ["Left behind:", ...shown, ...(more > 0 ? [`  and ${more} more (--json shows all)`] : [])];
  }
  const last = phases.filter(({ name }) => name.startsWith("destroy")).at(-1);
  const destroyed = last?.ok === true;
  return destroyed ? ["Nothing is left: no resource, no namespace, no disk, no process, no file."] : [];
}
