import assert from "node:assert/strict";
import { networksOn, runningBill, runningCost } from "../../../cli/cost/running";
import type { StackState } from "../../../cli/list/state";
import { environmentBill } from "../../../stacks/cost/environment-bill";
import { shippedEnvironment } from "../../components/stacks";

const LINES = environmentBill(shippedEnvironment("dev"));

/** A state with the outputs given, and one resource unless it is empty. */
function state(stack: string, outputs: object, types: readonly string[] = ["aws:ec2/vpc:Vpc"]): StackState {
  const resource = (type: string) => ({ urn: `urn:pulumi:${stack}::testnet::${type}::x`, type });
  const resources = [
    { ...resource("pulumi:pulumi:Stack"), outputs: { ...outputs } as Record<string, unknown> },
    ...types.map(resource),
  ];
  return { stack, deployment: { resources }, tags: {}, holders: [] };
}

const cost = { version: 1, environment: "dev", owner: "alice", lines: LINES };

describe("what runs", () => {
  it("costs nothing where nothing was made, or where it runs on this machine", () => {
    assert.deepEqual(runningBill(undefined), []);
    assert.deepEqual(runningBill(state("dev", {}, [])), []);
    assert.deepEqual(runningBill(state("local", {}, ["testnet:local:Network"])), []);
  });

  it("costs what its outputs tell, and is not taken as free where they tell nothing", () => {
    assert.deepEqual(runningBill(state("dev", { cost })), LINES);
    assert.equal(runningBill(state("dev", {})), undefined);
    assert.equal(runningBill(state("dev", { cost: { version: 9 } })), undefined);
    assert.equal(runningCost(state("dev", {})), undefined);
    assert.ok((runningCost(state("dev", { cost }))?.total.expected.microsPerMonth ?? 0) > 100e6);
  });

  it("is found by the environment it stands on", () => {
    const states = [
      state("dev", { cost }),
      state("alice-qa", { standsOn: "dev", cost }),
      state("old", { standsOn: "dev" }),
      state("gone", { standsOn: "dev", cost }, []),
      state("elsewhere", { standsOn: "prod", cost }),
    ];
    const { networks, silent } = networksOn("dev", states);
    assert.deepEqual(
      networks.map(({ stack, owner }) => [stack, owner]),
      [["alice-qa", "alice"]],
    );
    assert.deepEqual(silent, ["old"]);
  });
});
