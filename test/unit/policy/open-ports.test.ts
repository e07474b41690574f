import assert from "node:assert/strict";
import { proveRule } from "./cases";
import { judge, judgeStack, STACK, UNKNOWN } from "./judge";
import { firewall, ingress, release } from "./shapes";

proveRule("only-peer-ports-open", [
  { what: "a range of peers", shown: ingress({}) },
  { what: "a range whose ports are not known yet", shown: ingress({ fromPort: UNKNOWN }) },
  {
    what: "SSH for the world",
    shown: ingress({ fromPort: 22, toPort: 22 }),
    says: /tcp 22 is open .* between 1024 and 29999/,
  },
  { what: "SSH for one office", shown: ingress({ fromPort: 22, toPort: 22, cidrIpv4: "203.0.113.0/24" }) },
  {
    what: "SSH for the world over IPv6",
    shown: ingress({ fromPort: 22, toPort: 22, cidrIpv4: undefined, cidrIpv6: "::/0" }),
    says: /tcp 22/,
  },
  {
    what: "JSON-RPC in the middle of a range",
    shown: ingress({ fromPort: 8500, toPort: 8600 }),
    says: /port 8545 is Ethereum's JSON-RPC/,
  },
  { what: "Mina's GraphQL", shown: ingress({ fromPort: 3085, toPort: 3085 }), says: /Mina's GraphQL/ },
  {
    what: "every port",
    shown: ingress({ ipProtocol: "-1", fromPort: undefined, toPort: undefined }),
    says: /peers need TCP and UDP only/,
  },
  {
    what: "too many ports",
    shown: ingress({ fromPort: 11_000, toPort: 29_000 }),
    says: /at most 5000 ports/,
  },
  {
    what: "a group with a rule within",
    shown: {
      type: "aws:ec2/securityGroup:SecurityGroup",
      inputs: { ingress: [{ protocol: "tcp", fromPort: 8546, toPort: 8546, cidrBlocks: ["0.0.0.0/0"] }] },
    },
    says: /WebSocket/,
  },
  {
    what: "a listener of peers",
    shown: { type: "aws:lb/listener:Listener", inputs: { port: 23_000, protocol: "TCP_UDP" } },
  },
  {
    what: "a listener of HTTPS",
    shown: { type: "aws:lb/listener:Listener", inputs: { port: 443, protocol: "HTTPS" } },
    says: /https 443/,
  },
  { what: "a firewall for peers", shown: firewall({}) },
  { what: "a firewall without ports", shown: firewall({ allows: [{ protocol: "tcp" }] }), says: /0-65535/ },
  {
    what: "a firewall without a source",
    shown: firewall({ sourceRanges: undefined, allows: [{ protocol: "tcp", ports: ["5432"] }] }),
    says: /PostgreSQL/,
  },
  {
    what: "a firewall for machines of one tag",
    shown: firewall({
      sourceRanges: undefined,
      sourceTags: ["nodes"],
      allows: [{ protocol: "tcp", ports: ["5432"] }],
    }),
  },
  {
    what: "a forwarding rule for all ports",
    shown: { type: "gcp:compute/forwardingRule:ForwardingRule", inputs: { ipProtocol: "TCP" } },
    says: /0-65535/,
  },
  {
    what: "a Service for peers",
    shown: {
      type: "kubernetes:core/v1:Service",
      inputs: { spec: { type: "LoadBalancer", ports: [{ port: 23_000 }] } },
    },
  },
  {
    what: "a Service for Grafana",
    shown: {
      type: "kubernetes:core/v1:Service",
      inputs: { spec: { type: "LoadBalancer", ports: [{ port: 3000 }] } },
    },
    says: /Grafana/,
  },
  {
    what: "a seed's Service in a release",
    shown: release("a", { kind: "load-balancer", ports: [{ number: 23_000, protocol: "UDP" }] }),
  },
  {
    what: "JSON-RPC behind a seed's Service",
    shown: release("a", { kind: "load-balancer", ports: [{ number: 8545, protocol: "TCP" }] }),
    says: /JSON-RPC/,
  },
  {
    what: "a public service's way in, within the network's range",
    shown: release("a", { kind: "load-balancer", ports: [{ number: 23_030, protocol: "TCP" }] }),
  },
  {
    what: "an Ingress",
    shown: { type: "kubernetes:networking.k8s.io/v1:Ingress", inputs: {} },
    says: /Ingress/,
  },
]);

describe("the rule only-peer-ports-open", () => {
  it("holds an environment to the ports it declares", () => {
    const declared = { ...STACK, peerPorts: { from: 10_000, to: 10_099 } };
    assert.deepEqual(
      judge("only-peer-ports-open", ingress({ fromPort: 10_000, toPort: 10_099 }), declared),
      [],
    );
    assert.match(judge("only-peer-ports-open", ingress({}), declared).join(), /between 10000 and 10099/);
  });
});

describe("the rule open-ports-are-listened-on", () => {
  it("lets through the range from the first to the last port of the daemons", () => {
    assert.deepEqual(judgeStack("open-ports-are-listened-on", [release("a"), ingress({}), firewall({})]), []);
  });

  it("refuses ports that no daemon listens on", () => {
    const said = judgeStack("open-ports-are-listened-on", [
      release("a"),
      ingress({ toPort: 23_100 }),
      firewall({ allows: [{ protocol: "udp", ports: ["22999"] }] }),
    ]);
    assert.equal(said.length, 2);
    assert.match(said.join("\n"), /ports 23000 to 23100 are open, and daemons listen on 23000 to 23031 only/);
  });

  it("takes a public service for one that listens, and refuses its port once nobody does", () => {
    const alone = (number: number) => ({
      type: "kubernetes:helm.sh/v3:Release",
      inputs: { values: { pods: [{ containers: [{ ports: [{ number, public: true }] }] }] } },
    });
    const opened = ingress({ fromPort: 23_000, toPort: 23_095 });
    assert.deepEqual(judgeStack("open-ports-are-listened-on", [release("a"), alone(23_070), opened]), []);
    assert.equal(judgeStack("open-ports-are-listened-on", [release("a"), opened]).length, 1);
  });

  it("does not judge what this run removes", () => {
    assert.deepEqual(
      judgeStack("open-ports-are-listened-on", [release("a")], [ingress({ toPort: 23_100 })]),
      [],
    );
  });

  it("does not judge a range or daemons that are not known yet, nor a stack without daemons", () => {
    const unknown = { type: "kubernetes:helm.sh/v3:Release", inputs: { values: UNKNOWN } };
    assert.deepEqual(judgeStack("open-ports-are-listened-on", [unknown, ingress({ toPort: 23_100 })]), []);
    assert.deepEqual(
      judgeStack("open-ports-are-listened-on", [release("a"), ingress({ fromPort: UNKNOWN })]),
      [],
    );
    assert.deepEqual(judgeStack("open-ports-are-listened-on", [ingress({ toPort: 23_100 })]), []);
  });
});
