import type {
  Daemon,
  Image,
  KeyRequest,
  NetworkPlan,
  Port,
  Resources,
  Service,
  Workload,
} from "../../../protocols/plan";
import { ref } from "../../../protocols/references";

/** Small plans by hand, with everything that the chart renders: they depend on no protocol. */

const RESOURCES: Resources = { cpuMilli: 100, memoryMiB: 128, memoryLimitMiB: 512 };

function port(
  name: string,
  number: number,
  exposure: Port["exposure"],
  transports: Port["transports"],
): Port {
  return { name, number, transports, exposure };
}

export function daemon(
  name: string,
  role: string,
  workload: Partial<Workload>,
  more: Partial<Daemon> = {},
): Daemon {
  const ports = more.ports ?? [port("p2p", 10_001, "peers", ["tcp"])];
  return {
    ...{ name, node: name, role, client: "mina", version: "3.3.1", program: "mina" },
    ...{ args: [], files: [], env: {}, ports },
    readiness: { kind: "tcp", port: ports[0]?.name ?? "", timeoutSeconds: 1200 },
    stop: { graceSeconds: 60 },
    ...{ afterCrash: "keep", after: [], restartsWith: [] },
    ...more,
    workload: {
      ...{ cluster: "one", pool: `${role}s`, pod: name, kind: "one", replicas: 1 },
      image: { reference: "example.org/mina:3.3.1", command: ["mina"], user: undefined, home: "/root" },
      ...{ resources: RESOURCES, storageGiB: 20, advertises: "node", nodes: { peers: true, spot: false } },
      ...{ spread: "soft", leases: [], metricsPath: "/metrics", clients: [] },
      ...workload,
    },
  };
}

function network(
  protocol: "mina" | "ethereum",
  name: string,
  daemons: readonly Daemon[],
  seeds: readonly string[],
  services: readonly Service[] = [],
  keys: readonly KeyRequest[] = [],
): NetworkPlan {
  return {
    ...{ protocol, network: name, era: 1, daemons, keys, afterStart: [], chainKeepers: [], endpoints: [] },
    genesis: { files: [], runs: [], delaySeconds: 600 },
    blockSeconds: 180,
    clusters: {
      peerPorts: { from: 10_001, to: 10_010 },
      seeds: seeds.map((seed) => ({
        ...{ daemon: seed, cluster: "one", label: seed },
        ports: daemons.find((one) => one.name === seed)!.ports.filter((one) => one.exposure === "peers"),
      })),
      ...{ peerList: [], services, monitoring: { rules: [], dashboards: [] } },
      join: { command: [], notes: [] },
    },
  };
}

function minaPorts(p2p: number): Port[] {
  return [
    port("p2p", p2p, "peers", ["tcp"]),
    port("client", 8301, "network", ["tcp"]),
    port("rest", 3085, "pod", ["tcp"]),
    port("metrics", 8081, "network", ["tcp"]),
  ];
}

function minaDaemon(name: string, role: string, p2p: number, workload: Partial<Workload>): Daemon {
  return daemon(
    name,
    role,
    { leases: [`${name}-libp2p`], ...workload },
    {
      args: [
        ...["daemon", "--config-directory", `${ref.data}/.mina-config`, "--external-port", String(p2p)],
        ...["--external-ip", ref.externalIp, "--config-file", `${ref.shared}/daemon.json`],
        ...["--libp2p-keypair", ref.secret(`${name}-libp2p/key`)],
        ...["--peer", `/ip4/${ref.seedIp("seed-1")}/tcp/10001/p2p/${ref.peerId("seed-1-libp2p")}`],
      ],
      env: {
        MINA_LIBP2P_PASS: ref.secretValue(`${name}-libp2p/password`),
        MINA_CLIENT_TRUSTLIST: "10.0.0.0/8",
        ODD: 'cost $(HOME) $$ "quoted" <&>',
      },
      ports: minaPorts(p2p),
      readiness: { kind: "tcp", port: "rest", timeoutSeconds: 1200 },
    },
  );
}

const POSTGRES: Image = {
  reference: "docker.io/library/postgres:17-alpine",
  command: ["postgres"],
  user: { uid: 70, gid: 70 },
  home: "/home/postgres",
};

/** Seeds, a producer, a coordinator with workers, an archive of three containers, a faucet. */
export function minaLike(): NetworkPlan {
  const archive = { pool: "archives", pod: "archive-1", metricsPath: undefined, leases: [] };
  const daemons = [
    minaDaemon("seed-1", "seed", 10_001, { advertises: "seed", spread: "hard" }),
    minaDaemon("block-producer-1", "block-producer", 10_002, {
      leases: ["block-producer-1-libp2p", "block-producer-1-wallet"],
    }),
    minaDaemon("fast-coordinator", "snark-coordinator", 10_003, {
      pool: "fast",
      clients: ["fast-workers"],
    }),
    daemon(
      "fast-worker",
      "snark-worker",
      {
        ...{ pool: "fast-workers", kind: "many", replicas: 3, storageGiB: 0, advertises: "none" },
        ...{ nodes: { spot: true }, metricsPath: undefined },
      },
      {
        args: ["internal", "snark-worker", "--daemon-address", "fast-coordinator:8301"],
        ports: [],
        readiness: { kind: "running", timeoutSeconds: 60 },
      },
    ),
    minaDaemon("archive-1", "archive", 10_004, { pool: "archives" }),
    daemon("archive-1-archive", "archive-server", archive, {
      args: ["run", "--server-port", "3086"],
      // Two programs of one pod may call a port the same.
      ports: [port("server", 3086, "pod", ["tcp"]), port("metrics", 10_012, "network", ["tcp"])],
    }),
    daemon(
      "archive-1-postgres",
      "database",
      { ...archive, image: POSTGRES },
      {
        args: ["-D", `${ref.data}/pgdata`],
        ports: [port("postgres", 5432, "pod", ["tcp"])],
      },
    ),
  ];
  const faucet: Service = {
    ...{ name: "faucet", cluster: "one", args: ["--key", ref.secret("faucet/key")], env: {}, files: [] },
    image: {
      reference: "example.org/faucet:1",
      command: [],
      user: { uid: 1000, gid: 1000 },
      home: "/home/f",
    },
    ports: [port("http", 8080, "network", ["tcp"])],
    ...{ replicas: 2, resources: RESOURCES, storageGiB: 0, metricsPath: undefined },
  };
  return network("mina", "mina-net", daemons, ["seed-1"], [faucet]);
}

/** An execution client and a consensus client with TCP and UDP, as two pods. */
export function ethereumLike(): NetworkPlan {
  const image = (reference: string, command: string): Image => ({
    ...{ reference, command: [command], user: { uid: 10_001, gid: 10_001 }, home: "/home/user" },
  });
  const common = { client: "geth", version: "1.17.8" };
  const geth = daemon(
    "geth-1",
    "execution",
    { image: image("ethereum/client-go:v1.17.8", "geth"), advertises: "seed" },
    {
      ...common,
      args: [
        ...["--datadir", ref.data, "--nat", `extip:${ref.externalIp}`, "--authrpc.jwtsecret"],
        ref.secret("jwt-1"),
        ...["--bootnodes", ref.enode("geth-1")],
      ],
      ports: [
        port("p2p", 10_001, "peers", ["tcp", "udp"]),
        port("rpc", 8545, "network", ["tcp"]),
        port("engine", 8551, "network", ["tcp"]),
        port("metrics", 6060, "network", ["tcp"]),
      ],
      readiness: { kind: "http", port: "rpc", path: "/", statuses: [200], body: "{}", timeoutSeconds: 300 },
    },
  );
  const prysm = daemon(
    "prysm-1",
    "consensus",
    { image: image("gcr.io/prysm:v6.0.4", "/app/cmd/beacon-chain") },
    {
      ...{ ...common, client: "prysm", version: "6.0.4" },
      args: [
        ...[`--datadir=${ref.data}`, `--genesis-state=${ref.shared}/genesis.ssz`],
        `--p2p-host-ip=${ref.externalIp}`,
        ...["--execution-endpoint=http://geth-1.eth-net.svc.cluster.local:8551", "--jwt-secret"],
        ref.secret("jwt-1"),
      ],
      files: [{ path: "config/extra.yaml", content: `host: ${ref.externalIp}\n` }],
      ports: [
        port("p2p", 10_002, "peers", ["tcp", "udp"]),
        port("discovery", 10_003, "peers", ["udp"]),
        port("http", 3500, "network", ["tcp"]),
        port("metrics", 8080, "network", ["tcp"]),
      ],
      readiness: {
        ...{ kind: "http", port: "http", path: "/eth/v1/node/health" },
        ...{ statuses: [200, 206], timeoutSeconds: 95 },
      },
    },
  );
  const proxy: Service = {
    ...{ name: "rpc-proxy", cluster: "one", args: ["proxy.mjs"], env: {}, files: [] },
    image: image("example.org/node:22", "node"),
    ports: [port("http", 10_004, "world", ["tcp"])],
    ...{ replicas: 1, resources: RESOURCES, storageGiB: 0, metricsPath: undefined },
    door: { title: "JSON-RPC", label: "rpc", path: "/" },
  };
  return network("ethereum", "eth-net", [geth, prysm], ["geth-1"], [proxy]);
}

export const MINA_KEYS: Readonly<Record<string, string>> = {
  "peer-id seed-1-libp2p": "12D3KooWSeed",
  "peer-id block-producer-1-libp2p": "12D3KooWProducer",
  "public-key block-producer-1-wallet": "B62qproducer",
};

export const ETHEREUM_KEYS: Readonly<Record<string, string>> = {
  "enode geth-1": `enode://aa@${ref.seedIp("geth-1")}:10001`,
};
