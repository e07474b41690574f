import assert from "node:assert/strict";
import { nextEra, type ProcessState } from "../../components/local/chain-state";
import type { ProcessRecord } from "../../components/local/process-record";

function process(daemon: string, state: ProcessRecord["state"], alive = false, era = 2): ProcessState {
  const rest = { program: "/geth", args: [], log: "/log", startedAt: "2026-01-01T00:00:00Z" };
  return { record: { daemon, era, state, ...rest }, alive };
}

const KEEPERS = ["geth-1", "geth-2"];

describe("the era to bring up", () => {
  const cases: [string, ProcessState[], boolean][] = [
    ["a network that never ran", [], false],
    ["all keepers stopped in order", [process("geth-1", "stopped"), process("geth-2", "stopped")], false],
    [
      "all keepers ended without a word (power loss)",
      [process("geth-1", "running"), process("geth-2", "running")],
      true,
    ],
    ["all keepers had to be killed", [process("geth-1", "killed"), process("geth-2", "killed")], true],
    [
      "one keeper stopped in order has the chain",
      [process("geth-1", "stopped"), process("geth-2", "running")],
      false,
    ],
    ["one keeper still lives", [process("geth-1", "running", true), process("geth-2", "running")], false],
    ["one keeper never ran, so not all crashed", [process("geth-1", "running")], false],
    [
      "records of an earlier era say nothing of this one",
      [process("geth-1", "running", false, 1), process("geth-2", "running", false, 1)],
      false,
    ],
    [
      "daemons that keep no chain do not count",
      [process("prysm-1", "stopped"), process("geth-1", "running"), process("geth-2", "running")],
      true,
    ],
  ];
  for (const [what, processes, lost] of cases) {
    it(`${lost ? "is the next one: the chain is lost" : "stays"}: ${what}`, () => {
      assert.deepEqual(nextEra(processes, KEEPERS, 2), { era: lost ? 3 : 2, lost });
    });
  }

  it("stays for a network without keepers", () => {
    assert.deepEqual(nextEra([process("x", "running")], [], 2), { era: 2, lost: false });
  });
});
