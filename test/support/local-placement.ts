import type { LocalPlacement } from "../../protocols/plan";

/** A network on this machine, wherever that is. */
export const LOCAL_PLACEMENT: LocalPlacement = {
  target: "local",
  network: "test",
  host: "127.0.0.1",
  peersWithin: "127.0.0.0/8",
  portsFrom: 20_000,
  era: 1,
  discovery: false,
  mayPause: true,
};
