import assert from "node:assert/strict";
import fc from "fast-check";
import { LAST_PEER_PORT, PEER_PORTS_STEP, peerPortRange } from "../../protocols/peer-ports";

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
