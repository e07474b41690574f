import assert from "node:assert/strict";
import { resolve } from "../../../protocols/references";
import { daemon, flag, PLACEMENT, planOf } from "./support";

describe("the genesis of a Mina network", () => {
  interface Configuration {
    readonly genesis: Record<string, unknown>;
    readonly proof: object;
    readonly ledger: {
      name: string;
      accounts: { pk: string; balance: string; delegate: string; sk: null }[];
    };
  }
  const configurationOf = (overrides: object) => {
    const [file, ...others] = planOf(overrides).genesis.files;
    assert.deepEqual([file?.path, others.length], ["daemon.json", 0]);
    return JSON.parse(file!.content) as Configuration;
  };

  it("begins so long after it is made, or at the time named", () => {
    assert.deepEqual([planOf({}).genesis.delaySeconds, planOf({}).genesis.startsAt], [1200, undefined]);
    const fixed = planOf({ genesis: { timestamp: "2026-12-01T12:00:00Z" } }).genesis;
    assert.equal(fixed.startsAt, 1_796_126_400);
    assert.equal(configurationOf({}).genesis["genesis_state_timestamp"], "{{genesis-iso}}");
  });

  it("has the constants of the settings, and of proofs only what differs from the build", () => {
    assert.deepEqual(configurationOf({}).genesis, {
      genesis_state_timestamp: "{{genesis-iso}}",
      k: 290,
      delta: 0,
      slots_per_epoch: 7140,
      slots_per_sub_window: 7,
      grace_period_slots: 2160,
    });
    assert.deepEqual(configurationOf({}).proof, { level: "full" });
    const quick = {
      slotSeconds: 20,
      slotsPerEpoch: 48,
      k: 10,
      proofLevel: "none",
      transactionCapacityLog2: 2,
    };
    const { genesis, proof } = configurationOf({ genesis: quick });
    assert.deepEqual(proof, {
      level: "none",
      block_window_duration_ms: 20_000,
      transaction_capacity: { "2_to_the": 2 },
    });
    assert.deepEqual([genesis["slots_per_epoch"], genesis["grace_period_slots"], genesis["k"]], [48, 14, 10]);
  });

  it("tells daemons and workers of a proof level other than full", () => {
    const plan = planOf({ genesis: { proofLevel: "none" } });
    assert.deepEqual(flag(daemon(plan, "seed-1"), "--proof-level"), ["none"]);
    assert.deepEqual(flag(daemon(plan, "snark-worker"), "--proof-level"), ["none"]);
    assert.deepEqual(flag(daemon(planOf({}), "seed-1"), "--proof-level"), []);
  });

  it("gives stake to producers, accounts to pools, and the classes to the producers in turn", () => {
    const { ledger } = configurationOf({
      blockProducers: { count: 2 },
      snark: [{ name: "fast" }, { name: "late", genesisAccount: false }],
      genesis: {
        producerStakeMina: "2250000.5",
        accounts: [
          { name: "whale", count: 3, balanceMina: "66000" },
          { name: "faucet", balanceMina: "1000000", delegate: "self" },
        ],
      },
    });
    const key = (text: string) => resolve(text, (reference) => ("name" in reference ? reference.name : "?"));
    assert.deepEqual(
      ledger.accounts.map(({ pk, balance, delegate, sk }) => [key(pk), balance, key(delegate), sk]),
      [
        ["block-producer-1-wallet", "2250000.500000000", "block-producer-1-wallet", null],
        ["block-producer-2-wallet", "2250000.500000000", "block-producer-2-wallet", null],
        ["fast-fees", "10.000000000", "fast-fees", null],
        ["whale-1-account", "66000.000000000", "block-producer-1-wallet", null],
        ["whale-2-account", "66000.000000000", "block-producer-2-wallet", null],
        ["whale-3-account", "66000.000000000", "block-producer-1-wallet", null],
        ["faucet-1-account", "1000000.000000000", "faucet-1-account", null],
      ],
    );
  });

  it("is another ledger in another era", () => {
    const [file] = planOf({}, { era: 7 }).genesis.files;
    assert.equal((JSON.parse(file!.content) as Configuration).ledger.name, `${PLACEMENT.network}-7`);
  });
});
