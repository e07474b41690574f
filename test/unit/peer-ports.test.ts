import assert from "node:assert/strict";
import fc from "fast-check";
import {
  daemonPort,
  LAST_PEER_PORT,
  lastPort,
  PEER_PORTS_STEP,
  peerPortRange,
  publicPort,
} from "../../protocols/peer-ports";

describe("the range of ports that a network opens", () => {
  it("property: begins where it is told, holds the last port, and is whole steps while there are ports", () => {
    const ports = fc.tuple(fc.integer({ min: 1024, max: LAST_PEER_PORT }), fc.integer({ min: 0, max: 4000 }));
    fc.assert(
      fc.property(ports, ([from, more]) => {
        const last = Math.min(from + more, LAST_PEER_PORT);
        const range = peerPortRange(from, last);
        assert.equal(range.from, from);
        assert.ok(range.to >= last && range.to - last < PEER_PORTS_STEP);
        assert.ok(range.to === LAST_PEER_PORT || (range.to - from + 1) % PEER_PORTS_STEP === 0);
      }),
    );
  });

  it("stays as it is while a network grows within its step", () => {
    assert.deepEqual(peerPortRange(11_000, 11_001), peerPortRange(11_000, 11_031));
    assert.notDeepEqual(peerPortRange(11_000, 11_031), peerPortRange(11_000, 11_032));
  });
});

describe("the port of a public service", () => {
  const from = 11_000;

  it("property: no daemon has it, each daemon has one of its own, in the order of their places", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), (count) => {
        const ports = Array.from({ length: count }, (_, place) => daemonPort(from, place, true));
        assert.ok(!ports.includes(publicPort(from)));
        assert.deepEqual(
          [...new Set(ports)].sort((one, other) => one - other),
          ports,
        );
        const { to } = peerPortRange(from, lastPort(from, ports.at(-1) ?? 0, true));
        assert.ok([...ports, publicPort(from)].every((port) => port >= from && port <= to));
      }),
    );
  });

  it("lies in the range that the smallest network opens, and moves no daemon that stands before it", () => {
    const { to } = peerPortRange(from, from);
    assert.ok(publicPort(from) <= to);
    for (let place = 0; place < 30; place += 1) {
      assert.equal(daemonPort(from, place, true), daemonPort(from, place, false));
    }
    assert.equal(lastPort(from, from + 2, true), publicPort(from));
    assert.equal(lastPort(from, from + 2, false), from + 2);
  });
});
