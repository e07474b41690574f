import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import type { ClusterReport } from "../../cli/clusters/verify";
import { commandContext } from "../../cli/context";
import type { SlackMessage } from "../../cli/expiry/warn";
import type { ListedStack } from "../../cli/list/listed";
import { findOrphans } from "../../cli/reap/orphans/find";
import { SimulatedInventory } from "../../cli/reap/orphans/simulated";
import { judge, type ReapWorld, reapExpired, warn } from "../../cli/reap/run";
import type { KubeClient, KubeObject } from "../../simulator/kube/client";
import { defaultPortsFrom } from "../../stacks/ground";
import { ROOT } from "../support/network";
import { temporaryDirectory } from "../support/temporary";
import { CommandWorld } from "./support/command-world";

const HOUR = 3_600_000;
const ALICE = "alice";
/** A name that would get the very ports of Alice's network, were they chosen by the name alone. */
const BOB = Array.from({ length: 10_000 }, (_, index) => `bob-${index}`).find(
  (name) => defaultPortsFrom(name) === defaultPortsFrom(ALICE),
)!;

/** Real engine, simulated cloud, a real API server. */
describe("two developers make networks on one environment, and one of them expires", function () {
  this.timeout("10m");
  const elsewhere = temporaryDirectory();
  const unset = { ...process.env };
  /** When the networks are made, nearly. Not when this file is loaded: other tests run before it. */
  let made: number;
  let world: CommandWorld;
  let cluster: KubeClient;

  before(async () => {
    world = await CommandWorld.start();
    // The reaper runs in this process: its clock is set forward.
    Object.assign(process.env, world.env);
    const dev = fs.readFileSync(path.join(ROOT, "Pulumi.dev.yaml"), "utf8");
    fs.writeFileSync(world.path("Pulumi.dev.yaml"), dev.replace("max: 3", "max: 12"));
    assert.equal((await world.testnet("up", "dev", "--yes")).status, 0);
    made = Date.now();
    cluster = await world.cluster();
  });
  after(async () => {
    for (const name of Object.keys(process.env)) {
      if (!(name in unset)) Reflect.deleteProperty(process.env, name);
    }
    Object.assign(process.env, unset);
    await world.close();
    elsewhere.dispose();
  });

  /** A network by `new`, with its keys. */
  async function make(name: string, expires: string): Promise<{ peerPorts: { from: number; to: number } }> {
    const settings = [
      "--protocol",
      "ethereum",
      "--environment",
      "dev",
      "--expires",
      expires,
      "--owner",
      name,
    ];
    const answer = await world.told<{ peerPorts: { from: number; to: number } }>(
      0,
      "new",
      name,
      ...settings,
      "--no-keys",
    );
    await world.makeKeys(name);
    return answer;
  }

  /** The reaper, some hours later, on a machine that has no stack files. */
  async function hoursLater<T>(
    hours: number,
    work: (context: ReturnType<typeof commandContext>, reaping: ReapWorld, signal: AbortSignal) => Promise<T>,
    more: ReapWorld = {},
  ): Promise<T> {
    const context = commandContext({ directory: elsewhere.path, json: true });
    const now = () => new Date(made + hours * HOUR);
    return work(context, { now, clouds: world.clouds, ...more }, new AbortController().signal);
  }

  const reap = () =>
    hoursLater(10, async (context, reaping, signal) =>
      reapExpired(context, await judge(context, signal, reaping), signal, reaping),
    );

  const ofStack = async (stack: string) =>
    (await world.clouds.ask("resources")).filter(({ attributes, id, name }) => {
      const tags = JSON.stringify(attributes["tags"] ?? {});
      return (
        tags.includes(`"${stack}"`) || id.includes(`testnet/${stack}/`) || name.includes(`testnet/${stack}/`)
      );
    });

  const namespaces = async () =>
    (await cluster.get<{ items: KubeObject[] }>("/api/v1/namespaces")).items.map(
      ({ metadata }) => metadata.name,
    );

  it("both come up, with ports, namespaces, names and secrets of their own", async () => {
    const alice = await make(ALICE, "8 hours");
    const bob = await make(BOB, "3 days");
    assert.ok(alice.peerPorts.to < bob.peerPorts.from || bob.peerPorts.to < alice.peerPorts.from);
    for (const name of [ALICE, BOB]) {
      const { status, stderr } = await world.testnet("up", name, "--yes");
      assert.equal(status, 0, stderr);
    }
    const all = await namespaces();
    assert.ok(all.includes(ALICE) && all.includes(BOB));
    const secrets = await world.clouds.ask("secretList", { cloud: "aws", site: { region: "us-east-2" } });
    for (const name of [ALICE, BOB]) {
      assert.ok(
        secrets.some((secret) => secret.name.startsWith(`testnet/${name}/`)),
        name,
      );
    }
    const openings = await world.clouds.ask("openings");
    const ranges = [...new Set(openings.map(({ from, to }) => `${from}-${to}`))].sort();
    const wanted = [alice, bob].map(({ peerPorts: { from, to } }) => `${from}-${to}`).sort();
    assert.deepEqual(ranges, wanted);
  });

  it("a third one that takes their ports by hand is refused before anything is made", async () => {
    await make("mallory", "8 hours");
    const file = world.path("Pulumi.mallory.yaml");
    const text = fs.readFileSync(file, "utf8");
    fs.writeFileSync(file, text.replace(/from: \d+/, `from: ${defaultPortsFrom(ALICE)}`));
    const { status, stderr } = await world.testnet("up", "mallory", "--yes");
    assert.equal(status, 2, stderr);
    assert.match(stderr, /TN1052 .*on dev these ports are those of alice/);
    assert.deepEqual(
      await ofStack("mallory").then((made) => made.filter(({ type }) => !/secret/i.test(type))),
      [],
    );
  });

  it("list tells whose they are, and how long yet", async () => {
    const { stacks } = await world.told<{ stacks: ListedStack[] }>(0, "list");
    const known = Object.fromEntries(stacks.map((stack) => [stack.stack, stack]));
    assert.deepEqual(
      [known[ALICE]?.owner, known[ALICE]?.environment, known[ALICE]?.health, known["dev"]?.kind],
      [ALICE, "dev", "up", "environment"],
    );
    const hours = (Date.parse(known[ALICE]!.expires!) - made) / HOUR;
    assert.ok(hours > 7.9 && hours < 8.2, String(hours));
    assert.ok((known[ALICE]?.dailyUsd ?? 0) > 0);
  });

  it("people are warned once before the end", async () => {
    const messages: SlackMessage[] = [];
    const post = (message: SlackMessage) => {
      messages.push(message);
      return Promise.resolve();
    };
    for (let run = 0; run < 2; run += 1) {
      await hoursLater(
        7.5,
        async (context, reaping, signal) =>
          warn(context, await judge(context, signal, reaping), undefined, signal, reaping),
        { post },
      );
    }
    assert.equal(messages.length, 1);
    assert.match(messages[0]!.text, /ethereum network alice of alice on dev/);
  });

  it("a resource that cannot be deleted is named, and the next run goes on", async () => {
    await world.clouds.ask("arm", { faults: [{ operation: "delete", match: "eip:Eip" }] });
    const [failed] = await reap();
    await world.clouds.ask("arm", { faults: [] });
    assert.equal(failed?.result, "failed");
    assert.ok(
      failed.problems.some(
        ({ code, at: where }) => code === "TN2036" && (where ?? "").startsWith("alice use2-node"),
      ),
    );
    const left = await ofStack(ALICE);
    assert.ok(
      left.some(({ type }) => /eip/i.test(type)) && !left.some(({ type }) => /ingressrule/i.test(type)),
    );
  });

  it("the reaper takes exactly the one whose time is over, from a machine without its stack file", async () => {
    const results = await reap();
    assert.deepEqual(
      results.map(({ stack, result, problems }) => [stack, result, problems]),
      [[ALICE, "removed", []]],
    );
    assert.deepEqual(await ofStack(ALICE), []);
    const all = await namespaces();
    assert.ok(!all.includes(ALICE) && all.includes(BOB));
    const { stacks } = await world.told<{ stacks: ListedStack[] }>(0, "list");
    assert.deepEqual(stacks.map(({ stack }) => stack).sort(), [BOB, "dev"]);
    assert.deepEqual(await reap(), []);
  });

  it("the other one still verifies, and `up` has nothing to change", async () => {
    const report = await world.told<ClusterReport>(0, "verify", BOB);
    assert.ok(report.checks.filter(({ state }) => state === "ok").length >= 3, JSON.stringify(report.checks));
    const { status, stderr } = await world.testnet("up", BOB, "--yes");
    assert.equal(status, 0, stderr);
    assert.match(stderr, /nothing to change/);
  });

  it("what a known stack has is no orphan; what nobody knows is, and nothing else", async () => {
    const inventories = [new SimulatedInventory(world.clouds)];
    const names = new Set(["dev", BOB, "mallory"]);
    assert.deepEqual((await findOrphans(inventories, { names }, new Date())).orphans, []);
    const { orphans } = await findOrphans(inventories, { names: new Set(["dev", "mallory"]) }, new Date());
    assert.deepEqual([...new Set(orphans.map(({ resource }) => resource.tags["testnet-stack"]))], [BOB]);
    assert.ok(orphans.some(({ resource }) => resource.kind === "address"));
  });
});
