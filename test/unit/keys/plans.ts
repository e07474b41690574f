import type { Daemon, KeyRequest, NetworkPlan, Service, Workload } from "../../../protocols/plan";
import { ref } from "../../../protocols/references";

/** A daemon of a cluster as far as keys go. */
export function pod(name: string, strings: readonly string[], on: Partial<Workload> = {}): Daemon {
  const workload: Workload = {
    ...{
      cluster: "use1",
      pool: "all",
      pod: name,
      kind: "one",
      replicas: 1,
      storageGiB: 1,
      advertises: "node",
    },
    image: { reference: "example.org/image:1", command: [], user: undefined, home: "/root" },
    resources: { cpuMilli: 100, memoryMiB: 100, memoryLimitMiB: 100 },
    ...{ nodes: {}, spread: "none", leases: [], metricsPath: undefined, clients: [] },
    ...on,
  };
  return {
    ...{ name, node: name, role: "node", client: "client", version: "1", program: "program" },
    ...{ args: strings, files: [], env: {}, ports: [] },
    readiness: { kind: "tcp", port: "rpc", timeoutSeconds: 1 },
    stop: { graceSeconds: 1 },
    ...{ afterCrash: "keep", after: [], restartsWith: [], workload },
  };
}

export interface PlanParts {
  readonly daemons: readonly Daemon[];
  readonly keys: readonly KeyRequest[];
  readonly services?: readonly Service[];
  /** Content of a genesis file. */
  readonly genesis?: string;
  readonly protocol?: NetworkPlan["protocol"];
}

export function planOf(parts: PlanParts): NetworkPlan {
  const { daemons, keys, services = [], genesis = "", protocol = "ethereum" } = parts;
  return {
    ...{ protocol, network: "alice", era: 1, daemons, keys },
    genesis: { files: [{ path: "genesis.json", content: genesis }], runs: [], delaySeconds: 60 },
    ...{ afterStart: [], chainKeepers: [], endpoints: [], blockSeconds: 12 },
    clusters: {
      peerPorts: { from: 11_000, to: 11_099 },
      ...{ seeds: [], peerList: [], services, monitoring: { rules: [], dashboards: [] } },
      join: { command: [], notes: [] },
    },
  };
}

const FORK = "0x10000038";

/** A Mina network: a seed, a producer with stake in another cluster, and fees that nobody holds the key of. */
export const MINA = planOf({
  protocol: "mina",
  daemons: [
    pod("seed-1", [
      "--libp2p-keypair",
      ref.secret("seed-1-libp2p/key"),
      ref.secretValue("seed-1-libp2p/password"),
    ]),
    pod(
      "producer-1",
      ["producer-1-libp2p", "producer-1-wallet"].flatMap((key) => [
        ref.secret(`${key}/key`),
        ref.secretValue(`${key}/password`),
      ]),
      { cluster: "euw4" },
    ),
    pod("coordinator", [ref.publicKey("fees")]),
  ],
  keys: [
    { kind: "mina-libp2p", name: "seed-1-libp2p" },
    { kind: "mina-libp2p", name: "producer-1-libp2p" },
    { kind: "mina-wallet", name: "producer-1-wallet" },
    { kind: "mina-wallet", name: "fees" },
    { kind: "mina-itn", name: "itn" },
  ],
  genesis: `{"pk": "${ref.publicKey("producer-1-wallet")}"}`,
});

/** A node of an Ethereum network: three pods, a JWT that two of them share, validators of the network's mnemonic. */
export function ethereumNode(index: number, count = 2) {
  const node = `node-${index}`;
  const [geth, prysm, validator] = [`${node}-geth`, `${node}-prysm`, `${node}-validator`];
  const seed = ref.seedIp("node-1-geth");
  const keys: readonly KeyRequest[] = [
    { kind: "jwt", name: `${node}-jwt` },
    { kind: "enode", name: geth, host: seed, tcpPort: 11_000, udpPort: 11_000 },
    { kind: "enr", name: prysm, host: seed, tcpPort: 11_001, udpPort: 11_002 },
    {
      ...{ kind: "validators", name: validator, format: "prysm", genesisForkVersion: FORK },
      ...{ from: (index - 1) * count, count },
    },
  ];
  const daemons = [
    pod(geth, [ref.secret(geth), ref.secret(`${node}-jwt`)]),
    pod(prysm, [ref.secret(prysm), ref.secret(`${node}-jwt`)]),
    pod(validator, [ref.secret(validator), ref.secret(`${validator}-password`)]),
  ];
  return { keys, daemons };
}

/** An Ethereum network of so many nodes. */
export function ethereum(nodes: number, count = 2): NetworkPlan {
  const parts = Array.from({ length: nodes }, (_, index) => ethereumNode(index + 1, count));
  return planOf({
    daemons: parts.flatMap(({ daemons }) => daemons),
    keys: [{ kind: "accounts", name: "funded", count: 2 }, ...parts.flatMap(({ keys }) => keys)],
    genesis: `${ref.address("funded", 0)} ${ref.deposits}`,
  });
}
