import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import * as fc from "fast-check";
import {
  allocatePorts,
  choosePorts,
  overlap,
  PORT_POOL,
  type PortReservation,
  readNetworkRecord,
  writeNetworkRecord,
} from "../../components/local/network-records";
import { TestnetError } from "../../errors/problem";
import { temporaryDirectory } from "../support/temporary";

const sizeOf = ({ ports }: PortReservation) => ports.to - ports.from + 1;

/** A life of a machine: networks come, grow and go. */
const steps = fc.array(
  fc.record({
    network: fc.constantFrom("a", "b", "c", "d", "e", "f"),
    size: fc.integer({ min: 1, max: 2000 }),
    goes: fc.boolean(),
  }),
  { maxLength: 40 },
);

/** Plays steps; a network for which there is no room stays as it is. */
function play(life: { network: string; size: number; goes: boolean }[]): PortReservation[][] {
  const history: PortReservation[][] = [[]];
  for (const { network, size, goes } of life) {
    const before = history.at(-1)!;
    const others = before.filter((reservation) => reservation.network !== network);
    if (goes) {
      history.push(others);
      continue;
    }
    try {
      history.push([...others, { network, ports: choosePorts(before, network, size) }]);
    } catch (error) {
      assert.ok(error instanceof TestnetError && error.problems[0]?.code === "TN1010");
    }
  }
  return history;
}

describe("the allocator of ports", () => {
  it("never gives two networks a port in common, and none outside the pool", () => {
    fc.assert(
      fc.property(steps, (life) => {
        for (const reservations of play(life)) {
          reservations.forEach((left, index) => {
            assert.ok(left.ports.from >= PORT_POOL.from && left.ports.to <= PORT_POOL.to);
            for (const right of reservations.slice(index + 1)) {
              assert.equal(overlap(left.ports, right.ports), false);
            }
          });
        }
      }),
    );
  });

  it("gives at least as many ports as are needed", () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 1500 }), (life, size) => {
        const reservations = play(life).at(-1)!;
        try {
          const ports = choosePorts(reservations, "new", size);
          assert.ok(sizeOf({ network: "new", ports }) >= size);
        } catch (error) {
          assert.ok(error instanceof TestnetError);
        }
      }),
    );
  });

  it("keeps a network's range as long as it is large enough, whatever the others do", () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 2000 }), (life, size) => {
        const reservations = play(life).at(-1)!;
        for (const reservation of reservations.filter((candidate) => sizeOf(candidate) >= size)) {
          assert.deepEqual(choosePorts(reservations, reservation.network, size), reservation.ports);
        }
      }),
    );
  });

  it("answers the same for the same reservations in any order", () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 600 }), (life, size) => {
        const reservations = play(life).at(-1)!;
        const answer = (given: PortReservation[]) => {
          try {
            return choosePorts(given, "new", size);
          } catch {
            return undefined;
          }
        };
        assert.deepEqual(answer([...reservations].reverse()), answer(reservations));
      }),
    );
  });

  it("takes the lowest free block, and grows a range at its end where there is room", () => {
    const first = { network: "first", ports: choosePorts([], "first", 30) };
    assert.deepEqual(first.ports, { from: 20_000, to: 20_499 });
    assert.deepEqual(choosePorts([first], "first", 501), { from: 20_000, to: 20_999 });
    const second = { network: "second", ports: choosePorts([first], "second", 30) };
    assert.deepEqual(second.ports, { from: 20_500, to: 20_999 });
    assert.deepEqual(choosePorts([first, second], "first", 501), { from: 21_000, to: 21_999 });
  });

  it("says who holds the ports when there is no room", () => {
    const hog = { network: "hog", ports: PORT_POOL };
    assert.throws(() => choosePorts([hog], "late", 1), /TN1010 .*hog \(20000-29999\)/);
  });

  it("knows the networks of a home by their records, and writes nothing itself", () => {
    const temporary = temporaryDirectory();
    const home = temporary.path;
    try {
      assert.deepEqual(allocatePorts(home, "a", 10), { from: 20_000, to: 20_499 });
      assert.deepEqual(fs.readdirSync(home), []);
      writeNetworkRecord(home, "b", { ports: { from: 20_000, to: 20_499 }, era: 3 });
      fs.mkdirSync(path.join(home, "networks", "half-gone"));
      assert.deepEqual(readNetworkRecord(home, "b"), { ports: { from: 20_000, to: 20_499 }, era: 3 });
      assert.deepEqual(allocatePorts(home, "a", 10), { from: 20_500, to: 20_999 });
      assert.deepEqual(allocatePorts(home, "b", 10), { from: 20_000, to: 20_499 });
    } finally {
      temporary.dispose();
    }
  });
});
