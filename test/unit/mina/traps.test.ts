import assert from "node:assert/strict";
import { references } from "../../../protocols/references";
import { secretsOf } from "../../../protocols/secrets";
import { contains } from "../../../protocols/cidr";
import { PEER_PORTS_STEP } from "../../../protocols/peer-ports";
import { daemon, DAEMONS, EVERY_ROLE, flag, peersOf, planOf, PLACEMENT, problemsOf } from "./support";

/** Mistakes that Mina's own charts and scripts made, T1 to T23 of what was read of them. */
describe("the traps of Mina networks", () => {
  const plan = planOf(EVERY_ROLE);
  const peers = peersOf(plan);
  const clusters = plan.clusters!;

  it("T1: the port a daemon binds, tells peers, publishes and has in its name is one number", () => {
    for (const peer of peers) {
      const p2p = peer.ports.filter(({ exposure }) => exposure === "peers");
      assert.deepEqual(
        p2p.map(({ number }) => String(number)),
        flag(peer, "--external-port"),
      );
      const seed = clusters.seeds.find((each) => each.daemon === peer.name);
      if (peer.role === "seed") assert.deepEqual(seed?.ports, p2p);
    }
  });

  it("T2: the published peer list is what daemons are told, with each seed's own port and identity", () => {
    const seeds = peers.filter(({ role }) => role === "seed");
    const expected = seeds.map((seed) => {
      const [port] = flag(seed, "--external-port");
      return `/dns4/${seed.name}.${PLACEMENT.domain}/tcp/${port}/p2p/{{peer-id ${seed.name}-libp2p}}`;
    });
    assert.deepEqual(clusters.peerList, expected);
    assert.deepEqual(flag(daemon(plan, "node-1"), "--peer"), expected);
  });

  it("T3: no two daemons have one peer port, so that any two may share a machine", () => {
    const ports = peers.flatMap((peer) => flag(peer, "--external-port"));
    assert.equal(new Set(ports).size, peers.length);
  });

  it("T4: what holds a key is a StatefulSet of one, with a lease for each key", () => {
    for (const { workload, name, role } of peers) {
      assert.deepEqual([workload?.kind, workload?.replicas], ["one", 1]);
      const keys = role === "block-producer" ? [`${name}-libp2p`, `${name}-wallet`] : [`${name}-libp2p`];
      assert.deepEqual(workload?.leases, keys);
    }
    for (const each of plan.daemons.filter(({ workload }) => workload?.kind === "many")) {
      assert.deepEqual(secretsOf(each), []);
    }
  });

  it("T5: each daemon's directory is on a volume of its own; only workers have replicas, and no volume", () => {
    for (const peer of peers) {
      assert.deepEqual(flag(peer, "--config-directory"), ["{{data}}/.mina-config"]);
      assert.ok((peer.workload?.storageGiB ?? 0) > 0);
    }
    const workers = daemon(plan, "fast-worker").workload;
    assert.deepEqual([workers?.kind, workers?.replicas, workers?.storageGiB], ["many", 3, 0]);
  });

  it("T6: every daemon has a lasting libp2p identity, which nobody else has", () => {
    const identities = peers.flatMap((peer) => flag(peer, "--libp2p-keypair"));
    assert.deepEqual(
      identities,
      peers.map(({ name }) => `{{secret ${name}-libp2p/key}}`),
    );
    const asked = plan.keys.filter(({ kind }) => kind === "mina-libp2p").map(({ name }) => name);
    assert.deepEqual(
      asked,
      peers.map(({ name }) => `${name}-libp2p`),
    );
  });

  it("T7: work selections, ITN and hard fork flags are those of the version", () => {
    const roffset = { snark: [{ name: "fast", workSelection: "roffset" }] };
    assert.deepEqual(flag(daemon(planOf(roffset), "fast-coordinator"), "--work-selection"), ["roffset"]);
    assert.equal(
      problemsOf({ ...roffset, version: "4.0.0" })[0]?.message,
      "Mina 4.0.0 does not know this work selection",
    );
    const hardFork = { nodes: { count: 1, extraArgs: ["--hardfork-handling=keep-running"] } };
    assert.deepEqual(flag(daemon(planOf(hardFork), "node-1"), "--hardfork-handling"), ["keep-running"]);
    assert.equal(
      problemsOf({ ...hardFork, version: "4.0.0" })[0]?.message,
      "mina daemon 4.0.0 has no flag --hardfork-handling",
    );
    assert.equal(problemsOf({ itnNodes: { count: 1 } })[0]?.code, "TN1035");
    const named = planOf({ itnNodes: { count: 1, image: "registry.example.org/mina:3.3.1-itn" } });
    assert.deepEqual(flag(daemon(named, "itn-1"), "--itn-keys"), ["{{public-key itn}}"]);
    assert.equal(daemon(named, "itn-1").env["ITN_FEATURES"], undefined);
    assert.equal(daemon(plan, "itn-1").env["ITN_FEATURES"], "1");
  });

  it("T8: a daemon is ready when its port is open, in step or not", () => {
    for (const { readiness } of peers) {
      assert.deepEqual(readiness, { kind: "tcp", port: "p2p", timeoutSeconds: 1800 });
    }
  });

  it("T9: every daemon is told its own address", () => {
    for (const peer of peers) {
      assert.deepEqual(flag(peer, "--external-ip"), ["{{external-ip}}"]);
      assert.equal(peer.workload?.advertises, peer.role === "seed" ? "seed" : "node");
    }
  });

  it("T10: the client port trusts the pods of the daemon's own cluster, by their real range", () => {
    for (const { env, workload } of peers) {
      const pods = PLACEMENT.clusters.find(({ name }) => name === workload?.cluster)!.podCidr;
      const trusted = env["MINA_CLIENT_TRUSTLIST"]!.split(",");
      assert.ok(trusted.some((range) => contains(range, pods)));
      assert.ok(trusted.includes("127.0.0.1/32"));
    }
    const [problem] = problemsOf({ clientTrustList: ["10.0.0.0/8"] });
    assert.equal(problem?.message, "the trust list does not hold the pods of cluster usw2");
  });

  it("T11: daemons stop themselves at different hours, none before the hours set", () => {
    const many = peersOf(
      planOf({ blockProducers: { count: 24 }, stopTime: { hours: 100, staggerHours: 24 } }),
    );
    const producers = many.filter(({ role }) => role === "block-producer");
    const hours = producers.map((peer) => Number(flag(peer, "--stop-time")[0]));
    assert.equal(new Set(hours).size, 24);
    assert.ok(Math.min(...hours) >= 100 && Math.max(...hours) < 124);
  });

  it("T12: every argument is a word of its own, and every flag one that the version knows", () => {
    for (const each of plan.daemons.filter(({ client }) => client === "mina")) {
      for (const argument of each.args) assert.doesNotMatch(argument, /^--\S* /);
      for (const argument of each.args) assert.doesNotMatch(argument, /^-[^-]/);
    }
    // Rendering throws where a flag is not in the table of the version, so a plan is proof of it.
    assert.throws(
      () => planOf({ nodes: { count: 1, extraArgs: ["--peer-exchange=true"] } }),
      /has no flag --peer-exchange/,
    );
  });

  it("T13: the uptime service gets its flags by their right names, with a key of its own", () => {
    const uptime = planOf({
      blockProducers: { count: 1, uptimeUrl: "https://uptime.example.org/v1/submit" },
    });
    const producer = daemon(uptime, "block-producer-1");
    assert.deepEqual(flag(producer, "--uptime-submitter-key"), ["{{secret block-producer-1-uptime/key}}"]);
    assert.equal(producer.env["UPTIME_PRIVKEY_PASS"], "{{secret-value block-producer-1-uptime/password}}");
    assert.ok(uptime.keys.some(({ name }) => name === "block-producer-1-uptime"));
    for (const { args } of uptime.daemons) {
      for (const argument of args) assert.doesNotMatch(argument, /[[\]]/);
    }
  });

  it("T14: each key is opened with the password that lies beside it", () => {
    for (const each of plan.daemons) {
      const files = secretsOf(each);
      const keys = files.filter((file) => file.endsWith("/key"));
      assert.deepEqual(
        files.filter((file) => file.endsWith("/password")),
        keys.map((file) => file.replace(/key$/, "password")),
      );
    }
  });

  it("T15: blocks are uploaded to no cloud", () => {
    for (const { args } of plan.daemons) assert.ok(!args.includes("--upload-blocks-to-gcloud"));
  });

  it("T16: a daemon's own log is bounded, and its volume holds it and the chain", () => {
    for (const peer of peers) {
      assert.deepEqual(flag(peer, "--file-log-level"), ["Info"]);
      assert.deepEqual(flag(peer, "--file-log-rotations"), ["50"]);
      assert.ok((peer.workload?.storageGiB ?? 0) >= 16);
    }
    assert.throws(() => planOf({ nodes: { count: 1, storageGiB: 15 } }));
  });

  it("T17: machines without AVX and BMI2, or of another architecture, are refused", () => {
    const bare = [{ ...DAEMONS, features: ["avx"] as const }];
    const arm = [{ ...DAEMONS, machine: "c7g.4xlarge", architecture: "arm64" as const, features: [] }];
    for (const [nodePools, missing] of [
      [bare, "bmi2"],
      [arm, "x86_64, avx, bmi2"],
    ] as const) {
      const [problem] = problemsOf({}, { clusters: [{ ...PLACEMENT.clusters[0]!, nodePools }] });
      assert.equal(problem?.code, "TN1032");
      assert.match(problem.message, new RegExp(`which lack ${missing}$`));
    }
  });

  it("T18: workers have no metrics to be asked for, and listen on nothing", () => {
    const workers = daemon(plan, "fast-worker");
    assert.equal(workers.workload?.metricsPath, undefined);
    assert.deepEqual([workers.ports, workers.readiness.kind], [[], "running"]);
    for (const { workload } of peers) assert.equal(workload?.metricsPath, "/metrics");
  });

  it("T19: names fit Helm, Kubernetes and the DNS", () => {
    const [problem] = problemsOf({}, { network: "n".repeat(64) });
    assert.equal(problem?.message, "this cannot be the name of a namespace");
    for (const { name, workload } of plan.daemons) {
      assert.ok(name.length <= 52 && (workload?.pool.length ?? 0) <= 53);
    }
  });

  it("T20: the ports of peers are below those that Kubernetes gives out itself, and the range ends with a step behind the last", () => {
    const numbers = peers.flatMap(({ ports }) =>
      ports.filter(({ exposure }) => exposure === "peers").map(({ number }) => number),
    );
    const { from, to } = clusters.peerPorts;
    assert.equal(from, PLACEMENT.portsFrom);
    assert.ok(to >= Math.max(...numbers) && to - Math.max(...numbers) < PEER_PORTS_STEP, `${to}`);
    const [problem] = problemsOf({ nodes: { count: 4000 } });
    assert.equal(problem?.code, "TN1010");
  });

  it("T21: keys are named as files of directories of their own, which the target makes 0700 and 0600", () => {
    for (const each of plan.daemons) {
      for (const file of secretsOf(each)) assert.match(file, /^[a-z0-9-]+\/(key|password)$/);
    }
  });

  it("T22: producers have identities, a runtime configuration and seeds by their real ports", () => {
    const producer = daemon(plan, "block-producer-2");
    assert.equal(flag(producer, "--libp2p-keypair").length, 1);
    assert.deepEqual(flag(producer, "--config-file"), ["{{shared}}/daemon.json"]);
    assert.deepEqual(flag(producer, "--peer"), clusters.peerList);
  });

  it("T23: a lone first seed needs nobody, and nobody waits for it", () => {
    const lone = planOf({});
    const seed = daemon(lone, "seed-1");
    assert.ok(seed.args.includes("--seed"));
    assert.deepEqual(flag(seed, "--peer"), []);
    for (const { after, node } of lone.daemons) assert.ok(!after.includes("seed-1") || node === "seed-1");
  });

  it("fetches secrets by reference only", () => {
    const kinds = plan.daemons.flatMap(({ args }) => args.flatMap(references)).map(({ kind }) => kind);
    assert.ok(kinds.includes("secret"));
    // In arguments, which every process list shows, stands no content of a secret.
    assert.ok(!kinds.includes("secret-value"));
  });
});
