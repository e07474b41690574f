import { paint } from "../observe/paint";
import { table } from "../ui/table";
import type { ClusterStatus, DaemonStatus } from "./status";

/** The status for a person. */
export function clusterStatusText(status: ClusterStatus): string {
  const { network, protocol, era, paused, genesis, expires, notAsked } = status;
  const head = [
    `${network}: ${protocol}, era ${era}${paused ? ", paused" : ""}`,
    `genesis ${genesis}${expires === null ? "" : `, expires ${expires}`}`,
  ];
  const silent = status.clusters.flatMap(({ name, problem }) =>
    problem === null ? [] : [paint("red", `${name} does not answer: ${problem}`)],
  );
  const sections = [
    [...head, ...silent],
    [
      table(
        ["DAEMON", "ROLE", "CLUSTER", "READY", "RESTARTS", "NODE", "ADDRESS"],
        status.daemons.flatMap(rows),
      ),
    ],
    problems(status.daemons),
    seeds(status),
    publicServices(status),
    heads(status),
    volumes(status),
    notAsked === null ? [] : [`Heads: not asked, ${notAsked}.`],
    [summary(status)],
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n");
}

/** Copies beyond these of one Deployment are counted in its first line only. */
const SHOWN_COPIES = 3;

function rows({ name, role, cluster, planned, ready, restarts, pods }: DaemonStatus): string[][] {
  const count = `${ready}/${planned}`;
  const [first] = pods;
  const own = [name, role, cluster, paint(ready === planned ? "green" : "red", count), String(restarts)];
  if (planned <= 1) return [[...own, first?.node ?? "", first?.address ?? ""]];
  const copies = pods
    .slice(0, SHOWN_COPIES)
    .map((pod) => [
      ...[`└ ${pod.name}`, "", "", pod.ready ? "ready" : pod.phase, String(pod.restarts)],
      ...[pod.node ?? "", pod.address ?? ""],
    ]);
  return [[...own, "", ""], ...copies];
}

function problems(daemons: readonly DaemonStatus[]): string[] {
  return daemons.flatMap(({ pods }) =>
    pods.flatMap(({ name, problem }) => (problem === null ? [] : [paint("red", `${name}: ${problem}`)])),
  );
}

function seeds({ seeds: all }: ClusterStatus): string[] {
  if (all.length === 0) return [];
  const lines = all.map(({ name, cluster, host, address }) => [name, cluster, host ?? "-", address ?? "-"]);
  return [table(["SEED", "CLUSTER", "NAME", "ADDRESS"], lines)];
}

function publicServices({ publicServices: all }: ClusterStatus): string[] {
  if (all.length === 0) return [];
  const lines = all.map(({ name, cluster, title, url, address }) => [
    ...[name, cluster, title, url ?? "-", address ?? "-"],
  ]);
  return [table(["PUBLIC", "CLUSTER", "SPEAKS", "URL", "ADDRESS"], lines)];
}

function heads({ heads: all }: ClusterStatus): string[] {
  if (all.length === 0) return [];
  const lines = all.map(({ daemon, height, hash, final, peers, state, problem }) => [
    daemon,
    height === null ? "-" : String(height),
    hash === null ? "-" : hash.slice(0, 14),
    final === null ? "-" : String(final),
    peers === null ? "-" : String(peers),
    problem ?? state ?? "",
  ]);
  return [table(["DAEMON", "HEAD", "HASH", "FINAL", "PEERS", "STATE"], lines)];
}

function volumes({ unusedVolumes, network }: ClusterStatus): string[] {
  if (unusedVolumes.length === 0) return [];
  return [
    `${unusedVolumes.length} volumes are used by no daemon: \`testnet reset ${network} --old-volumes\` shows and removes them.`,
  ];
}

/** One line: how many pods are ready. */
export function summary({ daemons, paused, clusters, ok }: ClusterStatus): string {
  const planned = daemons.reduce((sum, one) => sum + one.planned, 0);
  const ready = daemons.reduce((sum, one) => sum + one.ready, 0);
  const words = `${ready} of ${planned} pods ready in ${clusters.length} clusters${paused ? ", paused" : ""}`;
  return paint(ok ? "green" : "red", words);
}
