import { MINA_RELEASES } from "../../protocols/mina/releases";

/** Settings of new networks by protocol, place and size: only what differs from the defaults. Pure data. */

export const SIZES = ["small", "medium", "large"] as const;
export type Size = (typeof SIZES)[number];

export const PROTOCOLS = ["mina", "ethereum"] as const;
export type Protocol = (typeof PROTOCOLS)[number];

/** Settings of `testnet:network`, with a comment where one helps. */
export type SizeSettings = Readonly<Record<string, unknown>>;

/** What a private chain with few blocks asks of the machines of a developers' environment: two daemons on each. */
const LIGHT = { resources: { cpus: 1.5, memoryGiB: 5 } };

const MINA: Readonly<Record<Size, SizeSettings>> = {
  small: {
    seeds: LIGHT,
    blockProducers: LIGHT,
    snark: [{ name: "snark", workerPods: { resources: { cpus: 1, memoryGiB: 4 } }, coordinator: LIGHT }],
  },
  medium: {
    seeds: { count: 2 },
    blockProducers: { count: 3 },
    snark: [{ name: "snark", workers: 2 }],
    nodes: { count: 1 },
  },
  large: {
    seeds: { count: 3 },
    blockProducers: { count: 6 },
    snark: [{ name: "snark", workers: 8 }],
    archives: { count: 1 },
    nodes: { count: 2 },
  },
};

const ETHEREUM_NODES: Readonly<Record<Size, number>> = { small: 2, medium: 4, large: 10 };

/** Slots that a machine of a developer follows easily, and finality within half a minute. */
const QUICK = { secondsPerSlot: 2, slotsPerEpoch: 4 };

/** The settings of a size. @param local whether it runs on this machine */
export function settingsOf(protocol: Protocol, size: Size, local: boolean): SizeSettings {
  switch (protocol) {
    case "mina":
      return { version: newestMina(), ...MINA[size] };
    case "ethereum": {
      const count = ETHEREUM_NODES[size];
      return local ? { nodes: [{ count, validators: 8 }], ...QUICK } : { nodes: [{ count }] };
    }
  }
}

/** The newest release in our tables of flags. */
function newestMina(): string {
  const newest = Object.keys(MINA_RELEASES)
    .sort((one, other) => one.localeCompare(other, "en", { numeric: true }))
    .at(-1);
  if (newest === undefined) throw new Error("no release of Mina is known");
  return newest;
}
