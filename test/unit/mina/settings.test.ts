import assert from "node:assert/strict";
import { z } from "zod";
import { minaNetwork } from "../../../protocols/mina/settings";
import { lifetimeSeconds } from "../../../protocols/settings";
import { settings } from "./support";

/** Paths of what is wrong with settings. */
function wrong(overrides: object): string[] {
  const result = minaNetwork.safeParse({ protocol: "mina", version: "3.3.1", ...overrides });
  return result.success ? [] : result.error.issues.map(({ path }) => path.join("."));
}

describe("settings of a Mina network", () => {
  it("make a network that works from a version alone, as cheap as can be", () => {
    const { seeds, blockProducers, snark, archives, nodes, itnNodes, availability, expires } = settings();
    assert.deepEqual(
      [seeds.count, blockProducers.count, archives.count, nodes.count, itnNodes.count],
      [1, 1, 0, 0, 0],
    );
    assert.deepEqual(
      snark.map(({ name, workers, workSelection, feeMina }) => [name, workers, workSelection, feeMina]),
      [["snark", 1, "seq", "0.001"]],
    );
    assert.deepEqual([availability, expires], ["low", "never"]);
  });

  it("take the network of the design as it is written there", () => {
    assert.deepEqual(
      wrong({
        expires: "never",
        seeds: { count: 3 },
        blockProducers: { count: 6 },
        snark: [
          { name: "fast", workSelection: "seq", feeMina: "0.01", workers: 12 },
          { name: "thrifty", workSelection: "rand", feeMina: "0.001", workers: 4, clusters: ["euw4"] },
        ],
        archives: { count: 1 },
      }),
      [],
    );
  });

  const refused: readonly (readonly [string, object, string])[] = [
    ["an unknown key", { seed: { count: 1 } }, ""],
    ["a misspelt key of a group", { nodes: { counts: 1 } }, "nodes"],
    ["no seed at all", { seeds: { count: 0 } }, "seeds.count"],
    ["no producer at all", { blockProducers: { count: 0 } }, "blockProducers.count"],
    [
      "a fee as a number, which YAML would round",
      { snark: [{ name: "a", feeMina: 0.01 }] },
      "snark.0.feeMina",
    ],
    ["a fee that is no amount", { snark: [{ name: "a", feeMina: "1e3" }] }, "snark.0.feeMina"],
    [
      "an amount below a nanomina",
      { genesis: { producerStakeMina: "0.0000000001" } },
      "genesis.producerStakeMina",
    ],
    ["a pool over two clusters", { snark: [{ name: "a", clusters: ["x", "y"] }] }, "snark.0.clusters"],
    ["a pool whose name no pod can have", { snark: [{ name: "Fast_1" }] }, "snark.0.name"],
    ["a volume that fills at once", { nodes: { storageGiB: 8 } }, "nodes.storageGiB"],
    ["an image without a tag", { images: { daemon: "minaprotocol/mina-daemon" } }, "images.daemon"],
    ["a registry's port taken for a tag", { images: { daemon: "registry:5000/mina" } }, "images.daemon"],
    ["an argument that is two", { nodes: { extraArgs: ["-peer x"] } }, "nodes.extraArgs.0"],
    ["a percentage above the whole", { nodes: { placement: { use1: 101 } } }, "nodes.placement.use1"],
    ["a time without a unit", { expires: "8" }, "expires"],
    ["a time of a unit nobody knows", { expires: "8 moons" }, "expires"],
    ["a genesis in local time", { genesis: { timestamp: "2026-12-01T12:00:00+02:00" } }, "genesis.timestamp"],
    ["a trust list of names", { clientTrustList: ["pods.example.org"] }, "clientTrustList.0"],
    ["ports of the system", { ports: { from: 80 } }, "ports.from"],
  ];
  for (const [what, overrides, path] of refused) {
    it(`refuse ${what}`, () => assert.deepEqual(wrong(overrides), [path]));
  }

  it("accept an image by digest", () => {
    const daemon = `registry.example.org:5000/mina@sha256:${"0a".repeat(32)}`;
    assert.deepEqual(wrong({ images: { daemon } }), []);
  });

  it("have a description for every key, for editors and for the page", () => {
    const undescribed: string[] = [];
    const visit = (node: unknown, path: string) => {
      if (typeof node !== "object" || node === null) return;
      const { properties, items } = node as { properties?: Record<string, unknown>; items?: unknown };
      for (const [key, child] of Object.entries(properties ?? {})) {
        const { description } = child as { description?: string };
        if (description === undefined && key !== "protocol") undescribed.push(`${path}.${key}`);
        visit(child, `${path}.${key}`);
      }
      if (items !== undefined) visit(items, `${path}[]`);
    };
    visit(z.toJSONSchema(minaNetwork, { io: "input" }), "network");
    assert.deepEqual(undescribed, []);
  });
});

describe("how long a network is needed", () => {
  it("is told in seconds, or as without an end", () => {
    assert.deepEqual(["never", "90 minutes", "1 hour", "8 hours", "3 days", "2 weeks"].map(lifetimeSeconds), [
      undefined,
      5400,
      3600,
      28_800,
      259_200,
      1_209_600,
    ]);
  });
});
