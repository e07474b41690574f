import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { TestnetError } from "../../../errors/problem";
import { ethereumServices } from "../../../protocols/ethereum/services";
import { ethereumNetwork, type EthereumNetwork } from "../../../protocols/ethereum/settings";
import { minaServices } from "../../../protocols/mina/services";
import { minaNetwork } from "../../../protocols/mina/settings";
import { publicEndpoints, publicServices, publicUrl, serviceNodes } from "../../../protocols/entrances";
import ownServices from "../../../protocols/own-services.json";
import { publicPort } from "../../../protocols/peer-ports";
import type { ClusterPlacement, Daemon, Port, Service } from "../../../protocols/plan";
import { references } from "../../../protocols/references";
import { secretsOf } from "../../../protocols/secrets";
import { plannedDaemon } from "../../support/planned-daemons";

const PROJECT = path.resolve(__dirname, "../../..");

const PLACEMENT: ClusterPlacement = {
  target: "kubernetes",
  network: "qa",
  era: 1,
  portsFrom: 10_000,
  domain: undefined,
  clusters: ["use1", "euw4"].map((name) => ({ name, region: "r", podCidr: "10.0.0.0/16", nodePools: [] })),
};

const inside = (name: string, number: number, exposure: Port["exposure"] = "network"): Port => ({
  name,
  number,
  transports: ["tcp"],
  exposure,
});

function ethereumDaemons(...clusters: string[]): Daemon[] {
  return clusters.flatMap((cluster, index) => [
    plannedDaemon({
      ...{ name: `node-${index + 1}-geth`, role: "execution", ports: [inside("rpc", 8545)] },
      workload: { cluster },
    }),
    plannedDaemon({
      ...{ name: `node-${index + 1}-prysm`, role: "consensus", ports: [inside("api", 3500)] },
      workload: { cluster },
    }),
  ]);
}

function settings(services: object, more: object = {}): EthereumNetwork {
  return ethereumNetwork.parse({ protocol: "ethereum", nodes: [{}], services, ...more });
}

const ALL = { rpcProxy: {}, faucet: {}, load: {}, explorer: {} };

function problemsOf(work: () => unknown): string[] {
  try {
    work();
  } catch (error) {
    if (error instanceof TestnetError) {
      return error.problems.map(({ code, at, message }) => `${code} ${at ?? ""}: ${message}`);
    }
    throw error;
  }
  return [];
}

const named = (services: readonly Service[], name: string): Service => {
  const found = services.find((service) => service.name === name);
  assert.ok(found, `no service ${name}`);
  return found;
};

describe("services of an Ethereum network", () => {
  it("are the exporter of peers alone, in every cluster with execution clients, unless more are asked for", () => {
    const services = ethereumServices(settings({}), PLACEMENT, ethereumDaemons("euw4", "use1", "euw4"));
    assert.deepEqual(
      services.map(({ name, cluster, metricsPath }) => [name, cluster, metricsPath]),
      [
        ["peers-use1", "use1", "/metrics"],
        ["peers-euw4", "euw4", "/metrics"],
      ],
    );
    assert.deepEqual(JSON.parse(named(services, "peers-euw4").env["EXPORTER_TARGETS"] ?? ""), [
      { daemon: "node-1-geth", url: "http://node-1-geth.qa.svc.cluster.local:8545" },
      { daemon: "node-3-geth", url: "http://node-3-geth.qa.svc.cluster.local:8545" },
    ]);
    assert.deepEqual(ethereumServices(settings({ peers: false }), PLACEMENT, ethereumDaemons("use1")), []);
  });

  it("ask clients of their own cluster only", () => {
    const asked = { ...ALL, explorer: { cluster: "euw4" } };
    const services = ethereumServices(settings(asked), PLACEMENT, ethereumDaemons("use1", "euw4"));
    for (const service of services) {
      const text = JSON.stringify([
        service.args,
        service.env,
        service.files.map(({ path: file, content }) => (file in ownServices ? "" : content)),
      ]);
      const [own, other] = service.cluster === "use1" ? ["node-1", "node-2"] : ["node-2", "node-1"];
      assert.match(text, new RegExp(`${own}-geth\\.qa\\.svc`), service.name);
      assert.doesNotMatch(text, new RegExp(`${other}-`), service.name);
    }
    assert.equal(named(services, "explorer").cluster, "euw4");
    assert.equal(named(services, "faucet").cluster, "use1");
  });

  it("that pay have a funded account each, as a private file that nothing else has", () => {
    const services = ethereumServices(settings(ALL), PLACEMENT, ethereumDaemons("use1"));
    assert.deepEqual(
      services
        .map((service) => [service.name, secretsOf(service)])
        .filter(([, secrets]) => secrets?.length !== 0),
      [
        ["faucet", ["funded/1"]],
        ["load", ["funded/2"]],
      ],
    );
    for (const service of services) {
      for (const text of [...service.args, ...service.files.map(({ content }) => content)]) {
        assert.deepEqual(
          references(text).filter(({ kind }) => kind.startsWith("secret")),
          [],
        );
      }
    }
  });

  it("are pinned to a version, run as a user, and are reached inside the network only", () => {
    for (const { image, ports } of ethereumServices(settings(ALL), PLACEMENT, ethereumDaemons("use1"))) {
      assert.match(image.reference, /^docker\.io\/[a-z0-9/]+:v?\d+\.\d+\.\d+/);
      assert.ok(image.user !== undefined && image.user.uid > 0);
      assert.deepEqual(new Set(ports.map(({ exposure }) => exposure)), new Set(["network"]));
    }
  });

  it("are public where asked: at the network's own port, by TCP, where daemons run, each address with its share", () => {
    const asked = settings({ rpcProxy: { public: true, transactions: true } });
    const proxy = named(ethereumServices(asked, PLACEMENT, ethereumDaemons("use1")), "rpc-proxy");
    assert.deepEqual(proxy.ports, [
      { name: "http", number: publicPort(10_000), transports: ["tcp"], exposure: "world" },
    ]);
    assert.equal(proxy.env["PROXY_PORT"], String(publicPort(10_000)));
    assert.equal(proxy.env["PROXY_PER_SECOND"], "50");
    assert.deepEqual(serviceNodes(proxy), { peers: true, spot: false });
    const [service] = publicServices({ services: [proxy] });
    assert.equal(publicUrl("rpc.example.org", service!), "http://rpc.example.org:10030/");
    const inner = named(
      ethereumServices(settings({ rpcProxy: {} }), PLACEMENT, ethereumDaemons("use1")),
      "rpc-proxy",
    );
    assert.deepEqual([inner.ports[0]?.number, inner.env["PROXY_PER_SECOND"]], [8545, undefined]);
    assert.deepEqual(publicServices({ services: [inner] }), []);
    assert.deepEqual(
      Object.keys(Object.fromEntries(proxy.files.map(({ path: file, content }) => [file, content]))),
      ["rpc-proxy.mjs", "read-proxy.mjs"],
    );
  });

  it("have files that are what their programs read", () => {
    const services = ethereumServices(
      settings(
        { ...ALL, load: { transactionsPerSlot: 25 }, faucet: { maxEther: 2 } },
        { secondsPerSlot: 6, chainId: 99 },
      ),
      PLACEMENT,
      ethereumDaemons("use1"),
    );
    const file = (name: string) =>
      parse(named(services, name).files[0]?.content ?? "") as Record<string, unknown>;
    assert.deepEqual(file("load"), [
      { scenario: "eoatx", name: "transfers", config: { throughput: 25, max_wallets: 100 } },
    ]);
    assert.ok(named(services, "load").args.includes("--slot-duration=6s"));
    assert.equal(file("faucet")["ethChainId"], 99);
    assert.equal(file("faucet")["maxDropAmount"], 2e18);
    assert.equal(file("faucet")["ethWalletKey"], undefined, "it comes by the environment");
    assert.deepEqual(file("explorer")["beaconapi"], {
      endpoints: [{ name: "node-1-prysm", url: "http://node-1-prysm.qa.svc.cluster.local:3500" }],
    });
  });

  it("take another image when told so", () => {
    const services = ethereumServices(
      settings({
        explorer: { image: "registry.example.org/dora:1" },
        rpcProxy: { image: "registry.example.org/node:22" },
      }),
      PLACEMENT,
      ethereumDaemons("use1"),
    );
    assert.equal(named(services, "explorer").image.reference, "registry.example.org/dora:1");
    assert.deepEqual(named(services, "rpc-proxy").image.command, ["node"]);
  });

  it("that pay are refused without accounts of their own, and on public networks", () => {
    const few = settings({ faucet: {}, load: {} }, { fundedAccounts: { count: 3 } });
    assert.deepEqual(
      problemsOf(() => ethereumServices(few, PLACEMENT, ethereumDaemons("use1"))),
      [
        "TN1007 testnet:network.services.faucet: it needs a funded account of its own",
        "TN1007 testnet:network.services.load: it needs a funded account of its own",
      ],
    );
    const sepolia = settings({ faucet: {} }, { network: "sepolia" });
    assert.deepEqual(
      problemsOf(() => ethereumServices(sepolia, PLACEMENT, ethereumDaemons("use1"))),
      [
        "TN1007 testnet:network.services.faucet: it spends ether of genesis, and a public network has none of ours",
      ],
    );
  });

  it("are refused in a cluster without a client, all at once", () => {
    const asked = settings({ rpcProxy: { cluster: "usw2" }, explorer: { cluster: "usw2" } });
    assert.deepEqual(
      problemsOf(() => ethereumServices(asked, PLACEMENT, ethereumDaemons("use1"))),
      [
        "TN1007 testnet:network.services.rpcProxy.cluster: no execution client runs in this cluster",
        "TN1007 testnet:network.services.explorer.cluster: no execution client runs in this cluster",
      ],
    );
  });
});

describe("services of a Mina network", () => {
  const network = (services: object, more: object = {}) =>
    minaNetwork.parse({ protocol: "mina", version: "3.3.1", services, ...more });
  const node = (name: string, cluster: string, exposure: Port["exposure"]) =>
    plannedDaemon({ name, role: "node", ports: [inside("graphql", 3085, exposure)], workload: { cluster } });

  it("are none unless asked for", () => {
    assert.deepEqual(minaServices(network({}), PLACEMENT, [node("node-1", "use1", "network")]), []);
  });

  it("the GraphQL proxy asks the daemons of its cluster that let pods reach theirs", () => {
    const daemons = [
      node("seed-1", "use1", "pod"),
      node("node-1", "euw4", "network"),
      node("node-2", "use1", "network"),
      node("node-3", "use1", "network"),
    ];
    const [service, ...others] = minaServices(network({ graphqlProxy: {} }), PLACEMENT, daemons);
    assert.deepEqual(others, []);
    assert.equal(service?.cluster, "use1");
    assert.deepEqual(JSON.parse(service.env["PROXY_UPSTREAMS"] ?? ""), [
      "http://node-2.qa.svc.cluster.local:3085/graphql",
      "http://node-3.qa.svc.cluster.local:3085/graphql",
    ]);
    assert.equal(service.replicas, 1);
    const [twice] = minaServices(network({ graphqlProxy: {} }, { availability: "high" }), PLACEMENT, daemons);
    assert.equal(twice?.replicas, 2);
  });

  it("the GraphQL proxy is public where asked, with a name that whoever reads the plan is told", () => {
    const daemons = [node("node-1", "use1", "network")];
    const services = minaServices(network({ graphqlProxy: { public: true } }), PLACEMENT, daemons);
    assert.deepEqual(
      services[0]?.ports.map(({ number, transports, exposure }) => [number, transports, exposure]),
      [[publicPort(10_000), ["tcp"], "world"]],
    );
    assert.deepEqual(publicEndpoints({ services }, "qa.example.org"), [
      {
        ...{ daemon: "graphql-proxy", title: "GraphQL, public" },
        url: "http://graphql.qa.example.org:10030/graphql",
      },
    ]);
    assert.deepEqual(publicEndpoints({ services }, undefined), []);
  });

  it("is refused where no daemon lets pods reach its GraphQL", () => {
    assert.deepEqual(
      problemsOf(() =>
        minaServices(network({ graphqlProxy: { cluster: "euw4" } }), PLACEMENT, [
          node("n", "use1", "network"),
        ]),
      ),
      [
        "TN1007 testnet:network.services.graphqlProxy: no daemon of the cluster lets pods of the network reach its GraphQL",
      ],
    );
  });
});

describe("programs of our own beside daemons", () => {
  it("are in plans as they are in the folder", () => {
    const files = fs.readdirSync(path.join(PROJECT, "services")).sort();
    assert.deepEqual(Object.keys(ownServices), files);
    for (const [file, content] of Object.entries(ownServices)) {
      assert.equal(content, fs.readFileSync(path.join(PROJECT, "services", file), "utf8"), file);
    }
  });

  it("hold nothing that a plan would take for a reference, and no package", () => {
    for (const [file, content] of Object.entries(ownServices)) {
      assert.deepEqual(references(content), [], file);
      for (const [, from = ""] of content.matchAll(/from "([^"]+)"/g)) {
        assert.match(from, /^(node:|\.\/)/, file);
      }
    }
  });

  it("need no secret", () => {
    const daemons = ethereumDaemons("use1");
    const services = ethereumServices(settings({ rpcProxy: {} }), PLACEMENT, daemons);
    assert.deepEqual(
      services.map((service) => secretsOf(service)),
      [[], []],
    );
  });
});
