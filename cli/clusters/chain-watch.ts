import type { ChainSight, ChainWatch } from "./chain";

/** The watch of a network's protocol. */
export function chainWatch(sight: ChainSight): ChainWatch {
  const { plan } = sight;
  switch (plan.protocol) {
    case "mina": {
      const { MinaWatch } = require("./mina-watch") as typeof import("./mina-watch");
      return new MinaWatch(sight);
    }
    case "ethereum": {
      const { EthereumWatch } = require("./ethereum-watch") as typeof import("./ethereum-watch");
      return new EthereumWatch(sight);
    }
  }
}
