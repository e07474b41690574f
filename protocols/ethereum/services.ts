import { TestnetError, type Problem } from "../../errors/problem";
import type { ClusterPlacement, Daemon, Image, PublicDoor, Resources, Service } from "../plan";
import { ref } from "../references";
import { addressOf, byCluster, internalPort, ownService, readProxy } from "../services";
import { FUNDED_ACCOUNTS } from "./genesis";
import type { EthereumNetwork } from "./settings";

type EthereumServices = EthereumNetwork["services"];

/** Names that services have, and no node may. */
const NAMES = {
  peers: "peers",
  rpcProxy: "rpc-proxy",
  faucet: "faucet",
  load: "load",
  explorer: "explorer",
} as const;

/** How the world finds the proxy. */
const RPC_DOOR: PublicDoor = { title: "JSON-RPC", label: "rpc", path: "/" };

/** A wallet asks for dozens at once, and then for little. */
const RPC_PER_SECOND = 50;

/** Which of the funded accounts pays. 0 is where fees go, the last one pays for `verify`. */
const PAYER = { faucet: 1, load: 2 } as const;
const FUNDED_AT_LEAST = 4;

const UNPRIVILEGED = { user: { uid: 1000, gid: 1000 }, home: "/home/testnet" } as const;

/**
 * Images as their releases name them; read from their build files, run nowhere here. spamoor takes its key on the command
 * line only, so a shell puts it there: it shows in the list of processes of its own pod, and nowhere else.
 */
const IMAGES: Readonly<Record<"faucet" | "load" | "explorer", Image>> = {
  faucet: {
    reference: "docker.io/pk910/powfaucet:v2.5.0",
    command: ["node", "--no-deprecation", "/app/bundle/powfaucet.cjs"],
    ...UNPRIVILEGED,
  },
  load: {
    reference: "docker.io/ethpandaops/spamoor:v1.2.3",
    command: ["sh", "-c", 'exec /app/spamoor-daemon --privkey="$SPAMOOR_PRIVATE_KEY" "$@"', "sh"],
    ...UNPRIVILEGED,
  },
  explorer: {
    reference: "docker.io/ethpandaops/dora:v1.24.3",
    command: ["/app/dora-explorer"],
    ...UNPRIVILEGED,
  },
};

const RESOURCES: Resources = { cpuMilli: 100, memoryMiB: 256, memoryLimitMiB: 1024 };

/** What a service is made with. */
interface Ground {
  readonly settings: EthereumNetwork;
  readonly placement: ClusterPlacement;
  readonly cluster: string;
  readonly execution: readonly string[];
  readonly consensus: readonly string[];
}

/**
 * Services of a network of clusters. A service asks the clients of its own cluster only: clusters are not connected.
 * Pure. @throws TestnetError with every problem at once (TN1007)
 */
export function ethereumServices(
  settings: EthereumNetwork,
  placement: ClusterPlacement,
  daemons: readonly Daemon[],
): Service[] {
  const { services } = settings;
  const execution = byCluster(placement, daemons, ({ role }) => role === "execution");
  const problems = [
    ...serviceProblems(settings, daemons),
    ...clusterProblems(services, [...execution.keys()]),
  ];
  if (problems.length > 0) throw new TestnetError(problems);
  const groundOf = (asked: string | undefined): Ground => {
    const cluster = asked ?? [...execution.keys()][0] ?? "";
    const here = daemons.filter(({ workload }) => workload?.cluster === cluster);
    const addresses = (role: string, port: string) =>
      here
        .filter((daemon) => daemon.role === role)
        .map((daemon) => addressOf(placement.network, daemon, port));
    return {
      settings,
      placement,
      cluster,
      execution: addresses("execution", "rpc"),
      consensus: addresses("consensus", "api"),
    };
  };
  const { peers, rpcProxy, faucet, load, explorer } = services;
  return [
    ...(peers
      ? [...execution].map(([cluster, clients]) => exporter(placement.network, cluster, clients))
      : []),
    ...(rpcProxy === undefined ? [] : [proxy(rpcProxy, groundOf(rpcProxy.cluster))]),
    ...(faucet === undefined ? [] : [faucetService(faucet, groundOf(faucet.cluster))]),
    ...(load === undefined ? [] : [loadService(load, groundOf(load.cluster))]),
    ...(explorer === undefined ? [] : [explorerService(explorer, groundOf(explorer.cluster))]),
  ];
}

/** One in each cluster, named after it: names of services are unique in the network. */
function exporter(network: string, cluster: string, clients: readonly Daemon[]): Service {
  const targets = clients.map((daemon) => ({ daemon: daemon.name, url: addressOf(network, daemon, "rpc") }));
  return ownService({
    name: `${NAMES.peers}-${cluster}`,
    cluster,
    script: "peers-exporter.mjs",
    port: internalPort("metrics", 9400),
    env: { EXPORTER_PORT: "9400", EXPORTER_TARGETS: JSON.stringify(targets) },
    metricsPath: "/metrics",
  });
}

function proxy(
  { image, transactions, public: isPublic }: NonNullable<EthereumServices["rpcProxy"]>,
  { cluster, execution, placement }: Ground,
): Service {
  return readProxy(
    {
      name: NAMES.rpcProxy,
      cluster,
      script: "rpc-proxy.mjs",
      upstreams: execution,
      innerPort: 8545,
      door: isPublic ? RPC_DOOR : undefined,
      perSecond: RPC_PER_SECOND,
      env: { PROXY_TRANSACTIONS: String(transactions) },
      image,
    },
    placement,
  );
}

function faucetService(
  { image, maxEther }: NonNullable<EthereumServices["faucet"]>,
  { cluster, execution, settings }: Ground,
): Service {
  const config = {
    version: 2,
    // Its home page would be written beside the program, where nothing may be written.
    buildSeoIndex: false,
    database: { driver: "sqlite", file: `${ref.data}/faucet.db` },
    faucetTitle: "Test network faucet",
    faucetCoinSymbol: "ETH",
    serverPort: 8080,
    ethRpcHost: execution[0],
    ethChainId: settings.chainId,
    maxDropAmount: maxEther * 1e18,
    minDropAmount: 1e16,
    modules: {
      "recurring-limits": { enabled: true, limits: [{ limitAmount: maxEther * 1e18, duration: 86_400 }] },
    },
  };
  return {
    ...webService(NAMES.faucet, cluster, IMAGES.faucet, image),
    args: [`--datadir=${ref.data}`, `--config=${ref.data}/faucet-config.yaml`],
    env: { FAUCET_ETH_WALLET_KEY: ref.secretValue(`${FUNDED_ACCOUNTS}/${PAYER.faucet}`) },
    files: [{ path: "faucet-config.yaml", content: JSON.stringify(config, undefined, 2) }],
  };
}

function loadService(
  { image, transactionsPerSlot }: NonNullable<EthereumServices["load"]>,
  { cluster, execution, settings }: Ground,
): Service {
  const spammers = [
    { scenario: "eoatx", name: "transfers", config: { throughput: transactionsPerSlot, max_wallets: 100 } },
  ];
  return {
    ...webService(NAMES.load, cluster, IMAGES.load, image),
    args: [
      ...execution.map((url) => `--rpchost=${url}`),
      "--port=8080",
      `--db=${ref.data}/spamoor.db`,
      `--startup-spammer=${ref.data}/spammers.yaml`,
      `--slot-duration=${settings.secondsPerSlot}s`,
    ],
    env: { SPAMOOR_PRIVATE_KEY: ref.secretValue(`${FUNDED_ACCOUNTS}/${PAYER.load}`) },
    files: [{ path: "spammers.yaml", content: JSON.stringify(spammers, undefined, 2) }],
    metricsPath: "/metrics",
    ports: [internalPort("metrics", 8080)],
  };
}

function explorerService(
  { image }: NonNullable<EthereumServices["explorer"]>,
  { cluster, execution, consensus }: Ground,
): Service {
  const endpoints = (urls: readonly string[]) =>
    urls.map((url) => ({ name: new URL(url).hostname.split(".")[0], url }));
  const config = {
    server: { host: "0.0.0.0", port: "8080" },
    frontend: { enabled: true, siteName: "Explorer" },
    beaconapi: { endpoints: endpoints(consensus) },
    executionapi: { endpoints: endpoints(execution) },
    database: { engine: "sqlite", sqlite: { file: `${ref.data}/explorer.sqlite` } },
  };
  return {
    ...webService(NAMES.explorer, cluster, IMAGES.explorer, image),
    args: [`-config=${ref.data}/explorer.yaml`],
    files: [{ path: "explorer.yaml", content: JSON.stringify(config, undefined, 2) }],
    storageGiB: 10,
  };
}

/** What the services with a web page have in common. */
function webService(name: string, cluster: string, usual: Image, image: string | undefined): Service {
  return {
    name,
    cluster,
    image: image === undefined ? usual : { ...usual, reference: image },
    args: [],
    env: {},
    files: [],
    ports: [internalPort("http", 8080)],
    replicas: 1,
    resources: RESOURCES,
    storageGiB: 1,
    metricsPath: undefined,
  };
}

/** Services that pay need accounts of their own that own ether from genesis. */
function serviceProblems(settings: EthereumNetwork, daemons: readonly Daemon[]): Problem[] {
  const { services, network, fundedAccounts } = settings;
  const paying = (["faucet", "load"] as const).filter((name) => services[name] !== undefined);
  const taken = new Set(daemons.map(({ name }) => name));
  return [
    ...paying.flatMap((name): Problem[] => {
      const at = `testnet:network.services.${name}`;
      if (network !== "private") {
        const message = "it spends ether of genesis, and a public network has none of ours";
        const remedy = "Leave the service out, or make the network private.";
        return [{ code: "TN1007", at, message, given: network, allowed: "network: private", remedy }];
      }
      if (fundedAccounts.count >= FUNDED_AT_LEAST) return [];
      const message = "it needs a funded account of its own";
      const remedy = "Raise `fundedAccounts.count`.";
      return [
        {
          code: "TN1007",
          at,
          message,
          given: fundedAccounts.count,
          allowed: `${FUNDED_AT_LEAST} or more`,
          remedy,
        },
      ];
    }),
    ...Object.values(NAMES)
      .filter((name) => taken.has(name))
      .map((name): Problem => {
        const message = "a service has this name";
        return {
          code: "TN1007",
          at: "testnet:network.nodes",
          message,
          given: name,
          remedy: "Rename the pool.",
        };
      }),
  ];
}

function clusterProblems(services: EthereumServices, clusters: readonly string[]): Problem[] {
  return (["rpcProxy", "faucet", "load", "explorer"] as const).flatMap((name): Problem[] => {
    const asked = services[name]?.cluster;
    if (asked === undefined || clusters.includes(asked)) return [];
    const message = "no execution client runs in this cluster";
    return [
      {
        code: "TN1007",
        at: `testnet:network.services.${name}.cluster`,
        message,
        given: asked,
        allowed: clusters.join(", "),
      },
    ];
  });
}
