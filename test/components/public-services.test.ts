import assert from "node:assert/strict";
import * as path from "node:path";
import { ethereumNetwork } from "../../protocols/ethereum/settings";
import { minaNetwork } from "../../protocols/mina/settings";
import { planStack } from "../../stacks/plan-stack";
import { at, list, type Registrations } from "./mocks";
import { registerNetwork, shippedNetwork } from "./networks";

const ROOT = path.resolve(__dirname, "../..");

/** What leads to a public service, and what is told of it, on each cloud. */
describe("a public service", function () {
  this.timeout(60_000);

  const of = ({ resources }: Registrations, type: RegExp, name: string) =>
    resources.filter((one) => one.custom && type.test(one.type) && one.name.includes(name));
  const podOf = (made: Registrations, name: string) => {
    const [release] = of(made, /helm.sh\/v3:Release$/, name);
    return list(at(release?.inputs, "values", "pods")).find((pod) => at(pod, "name") === name);
  };

  it("of Ethereum is led to on EKS by a Network Load Balancer with the reserved address, at one TCP port", async () => {
    const shipped = shippedNetwork("dev-ethereum");
    const settings = ethereumNetwork.parse({ ...shipped.network, services: { rpcProxy: { public: true } } });
    const network = { ...shipped, network: settings };
    const { plan } = planStack(ROOT, "dev-ethereum", network);
    const made = await registerNetwork("dev-ethereum", network);
    const port = (plan.clusters?.peerPorts.from ?? 0) + 30;
    assert.equal(of(made, /:Eip$/, "rpc-proxy").length, 1);
    assert.deepEqual(
      of(made, /:TargetGroup$/, "rpc-proxy").map(({ inputs }) => [
        ...[inputs["port"], inputs["protocol"], inputs["preserveClientIp"]],
        at(inputs, "healthCheck", "port"),
      ]),
      [[port, "TCP", "true", String(port)]],
    );
    assert.deepEqual(
      of(made, /:Listener$/, "rpc-proxy").map(({ inputs }) => [inputs["port"], inputs["protocol"]]),
      [[port, "TCP"]],
    );
    const host = "rpc.dev-ethereum.dev.testnets.example.org";
    assert.deepEqual(
      of(made, /:Record$/, "rpc-proxy").map(({ inputs }) => [inputs["name"], inputs["type"]]),
      [[host, "A"]],
    );
    const [told] = list(at(made.outputs, "publicServices"));
    assert.equal(at(told, "url"), `http://${host}:${port}/`);
    assert.equal(at(told, "title"), "JSON-RPC");
    const pod = podOf(made, "rpc-proxy");
    assert.equal(list(at(pod, "services")).length, 1, "its machine is where the address leads");
    assert.deepEqual(at(pod, "nodeSelector"), { "testnet/peers": "true", "testnet/spot": "false" });
  });

  it("of Mina is led to on GKE by its Service, on the address that is reserved for it", async () => {
    const shipped = shippedNetwork("prod-testnet");
    const services = { graphqlProxy: { public: true, cluster: "euw4" } };
    const network = { ...shipped, network: minaNetwork.parse({ ...shipped.network, services }) };
    const made = await registerNetwork("prod-testnet", network);
    const [address] = of(made, /:Address$/, "graphql-proxy");
    assert.ok(address);
    assert.deepEqual(of(made, /:(Listener|LoadBalancer)$/, "graphql-proxy"), []);
    const [, service] = list(at(podOf(made, "graphql-proxy"), "services"));
    assert.equal(at(service, "name"), "graphql-proxy-address");
    assert.equal(at(service, "kind"), "load-balancer");
    assert.deepEqual(
      list(at(service, "ports")).map((port) => [at(port, "number"), at(port, "protocol")]),
      [[23_030, "TCP"]],
    );
    const [told] = list(at(made.outputs, "publicServices"));
    assert.equal(at(told, "address"), at(service, "loadBalancer", "loadBalancerIP"));
  });
});
