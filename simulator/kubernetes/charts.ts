import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { Refused } from "../../plugin/provider";

/** Our stand-ins for community charts, one folder each. */
const STAND_INS = path.join(__dirname, "..", "charts");

/** What a release asks for. */
export interface WantedChart {
  /** Name in a repository, `oci://` address, or path. */
  readonly chart: string;
  readonly version?: string;
  readonly repo?: string;
}

/** The chart a rehearsal installs in its place. */
export interface FoundChart {
  /** Folder or archive. */
  readonly path: string;
  readonly name: string;
  readonly standIn: boolean;
}

/**
 * The chart to install: a local path as it is (relative to `root`, the program's project), else one of the folder of real charts, else a stand-in of ours. Nothing is
 * fetched.
 * @throws Refused when there is none of them
 */
export function findChart(wanted: WantedChart, charts: string | undefined, root = process.cwd()): FoundChart {
  const name = chartName(wanted.chart);
  const local = path.resolve(root, wanted.chart);
  if (isPath(wanted.chart) || isFolder(wanted, local)) {
    if (!fs.existsSync(local)) throw new Refused(`there is no chart at ${wanted.chart}`);
    return { path: local, name, standIn: false };
  }
  const real = charts === undefined ? undefined : realChart(charts, name, wanted.version);
  if (real !== undefined) return { path: real, name, standIn: false };
  const standIn = path.join(STAND_INS, name);
  if (fs.existsSync(path.join(standIn, "Chart.yaml"))) return { path: standIn, name, standIn: true };
  const from = wanted.repo === undefined ? "" : ` of ${wanted.repo}`;
  const version = wanted.version === undefined ? "" : ` ${wanted.version}`;
  throw new Refused(
    `a rehearsal fetches no charts, and there is no stand-in for the chart ${name}${version}${from}; ` +
      `give it with --charts DIR, where DIR holds ${name}-VERSION.tgz or a folder ${name}`,
  );
}

/** A digest of a chart's files: a changed chart is a changed release. */
export function chartChecksum(chart: string): string {
  const hash = createHash("sha256");
  for (const file of filesOf(chart)) {
    hash.update(path.relative(chart, file)).update("\0").update(fs.readFileSync(file)).update("\0");
  }
  return hash.digest("hex").slice(0, 16);
}

function filesOf(chart: string): string[] {
  if (fs.statSync(chart).isFile()) return [chart];
  const entries = fs.readdirSync(chart, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
}

function realChart(charts: string, name: string, version: string | undefined): string | undefined {
  const candidates = [...(version === undefined ? [] : [`${name}-${version}.tgz`]), name];
  return candidates.map((one) => path.join(charts, one)).find((file) => fs.existsSync(file));
}

function isPath(chart: string): boolean {
  return (
    path.isAbsolute(chart) || chart.startsWith("./") || chart.startsWith("../") || chart.endsWith(".tgz")
  );
}

/** As Helm does, a name with a slash is a folder where there is one. */
function isFolder({ chart, repo }: WantedChart, local: string): boolean {
  return repo === undefined && chart.includes("/") && fs.existsSync(path.join(local, "Chart.yaml"));
}

function chartName(chart: string): string {
  const last = chart.split("/").at(-1) ?? chart;
  return last.replace(/(-\d+\.\d+\.\d+.*)?\.tgz$/, "");
}
