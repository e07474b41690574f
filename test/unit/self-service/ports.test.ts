import assert from "node:assert/strict";
import fc from "fast-check";
import { neighbourProblems } from "../../../cli/new/neighbours";
import { choosePeerPorts, sharePorts, type TakenPorts } from "../../../cli/new/ports";
import { defaultPortsFrom, PEER_PORT_BLOCKS } from "../../../stacks/ground";
import { TestnetError } from "../../../errors/problem";
import { summary } from "./stacks";

const name = fc.stringMatching(/^[a-z][a-z0-9]{0,10}$/);
const wanted = fc.array(fc.record({ stack: name, size: fc.integer({ min: 1, max: 700 }) }), {
  maxLength: 60,
});

describe("ports of networks on one environment", () => {
  it("never overlap, lie in the pool, and leave each room to grow to the end of its block", () => {
    fc.assert(
      fc.property(wanted, (requests) => {
        const taken: TakenPorts[] = [];
        for (const { stack, size } of requests) {
          if (taken.some((one) => one.stack === stack)) continue;
          try {
            const range = choosePeerPorts(stack, size, taken);
            assert.ok(range.to - range.from + 1 >= size);
            assert.ok(range.from >= PEER_PORT_BLOCKS.from && range.to < 29_000);
            assert.ok(taken.every(({ ports }) => !sharePorts(ports, range)));
            // The backend tells what is used, not the whole blocks.
            taken.push({ stack, ports: { from: range.from, to: range.from + size - 1 } });
          } catch (error) {
            assert.ok(error instanceof TestnetError && error.problems[0]?.code === "TN1055");
          }
        }
        const grown = taken.map(({ ports: { from, to } }) => ({
          from,
          to: from + Math.ceil((to - from + 1) / 100) * 100 - 1,
        }));
        grown.forEach((one, index) =>
          assert.ok(grown.slice(index + 1).every((other) => !sharePorts(one, other))),
        );
      }),
    );
  });

  it("a free place of the name's own is taken, so that a second choice comes to the same", () => {
    fc.assert(
      fc.property(name, fc.integer({ min: 1, max: 100 }), (stack, size) => {
        const range = choosePeerPorts(stack, size, []);
        assert.equal(range.from, defaultPortsFrom(stack));
        assert.deepEqual(choosePeerPorts(stack, size, [{ stack, ports: range }]), range);
      }),
    );
  });

  it("a full environment is refused with what is there", () => {
    const all = [{ stack: "huge", ports: { from: 11_000, to: 28_999 } }];
    assert.throws(() => choosePeerPorts("late", 10, all), /TN1055/);
  });
});

describe("a network that others are in the way of", () => {
  const candidate = {
    stack: "bob",
    environment: "dev",
    created: "2026-03-01T05:00:00.000Z",
    ports: { from: 11_010, to: 11_030 },
  };

  it("is told whose ports it asks for, and a free range", () => {
    const [problem] = neighbourProblems(candidate, [summary()]);
    assert.equal(problem?.code, "TN1052");
    assert.match(problem.message, /alice \(11000 to 11020\)/);
    const free = Number(/from: (\d+)/.exec(problem.remedy ?? "")?.[1]);
    assert.ok(!sharePorts({ from: free, to: free + 20 }, { from: 11_000, to: 11_020 }));
  });

  it("stands on another environment, or on other ports: fine", () => {
    assert.deepEqual(neighbourProblems({ ...candidate, environment: "prod" }, [summary()]), []);
    assert.deepEqual(
      neighbourProblems({ ...candidate, ports: { from: 12_000, to: 12_030 } }, [summary()]),
      [],
    );
  });

  it("is its own former self: fine; somebody else's of its name: refused", () => {
    const own = summary({ stack: "bob", createdBySettings: candidate.created });
    assert.deepEqual(neighbourProblems(candidate, [own]), []);
    const [problem] = neighbourProblems(candidate, [summary({ stack: "bob", owner: "carol" })]);
    assert.equal(problem?.code, "TN1051");
    assert.match(problem.message, /carol has a network of this name/);
  });
});
