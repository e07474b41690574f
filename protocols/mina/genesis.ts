import type { ClusterPlacement, Genesis, KeyRequest } from "../plan";
import { ref } from "../references";
import { accountKey, feesKey, RUNTIME_CONFIGURATION, walletKey } from "./names";
import { releaseOf } from "./releases";
import type { MinaNetwork } from "./settings";
import type { MinaPeer } from "./topology";

/** What the account of a SNARK pool owns from the start: fees to an account that is none yet would be lost. */
const FEE_ACCOUNT_MINA = "10";

/** Of the default 7140 slots of an epoch, those in which density counts for nothing. */
const GRACE_SHARE = 2160 / 7140;

const NANO_DIGITS = 9;

/** An account of the ledger, as the runtime configuration has it. */
interface Account {
  readonly pk: string;
  readonly balance: string;
  readonly delegate: string;
  readonly sk: null;
}

/** The runtime configuration that all daemons share, which says what the chain begins with. */
export function minaGenesis(
  settings: MinaNetwork,
  placement: ClusterPlacement,
  producers: readonly MinaPeer[],
): Genesis {
  const { genesis } = settings;
  const configuration = {
    genesis: {
      genesis_state_timestamp: ref.genesisIso,
      k: genesis.k,
      delta: genesis.delta,
      slots_per_epoch: genesis.slotsPerEpoch,
      slots_per_sub_window: genesis.slotsPerSubWindow,
      grace_period_slots: graceSlots(settings),
    },
    proof: proof(settings),
    ledger: {
      // Tells chains apart in the daemons' caches.
      name: `${placement.network}-${placement.era}`,
      accounts: accounts(settings, producers),
    },
  };
  return {
    files: [{ path: RUNTIME_CONFIGURATION, content: `${JSON.stringify(configuration, undefined, 1)}\n` }],
    runs: [],
    delaySeconds: genesis.readyMarginSeconds,
    ...(genesis.timestamp !== undefined && { startsAt: Math.floor(Date.parse(genesis.timestamp) / 1000) }),
    published: [RUNTIME_CONFIGURATION],
  };
}

export function slotSeconds({ genesis, version }: MinaNetwork): number {
  return genesis.slotSeconds ?? releaseOf(version).slotSeconds;
}

export function graceSlots({ genesis }: MinaNetwork): number {
  return genesis.gracePeriodSlots ?? Math.floor(genesis.slotsPerEpoch * GRACE_SHARE);
}

/** Producers that own stake from the start. */
export function stakedProducers({ genesis, blockProducers }: MinaNetwork): number {
  return genesis.stakedProducers ?? blockProducers.count;
}

/** The keys that only the ledger needs: nobody mounts them. */
export function ledgerKeys(settings: MinaNetwork): KeyRequest[] {
  const fees = settings.snark.map(({ name }) => feesKey(name));
  const owned = settings.genesis.accounts.flatMap(({ name, count }) =>
    Array.from({ length: count }, (_, index) => accountKey(name, index)),
  );
  return [...fees, ...owned].map((name) => ({ kind: "mina-wallet", name }));
}

/** Only what differs from the build: constants of proofs other than its own make it compute new keys. */
function proof({ genesis }: MinaNetwork): object {
  const { proofLevel, slotSeconds: seconds, transactionCapacityLog2 } = genesis;
  return {
    level: proofLevel,
    ...(seconds !== undefined && { block_window_duration_ms: seconds * 1000 }),
    ...(transactionCapacityLog2 !== undefined && {
      transaction_capacity: { "2_to_the": transactionCapacityLog2 },
    }),
  };
}

function accounts(settings: MinaNetwork, producers: readonly MinaPeer[]): Account[] {
  const { genesis, snark } = settings;
  const staked = producers.slice(0, stakedProducers(settings)).map(({ name }) => walletKey(name));
  const classes = genesis.accounts.flatMap(({ name, count, balanceMina, delegate }) =>
    Array.from({ length: count }, (_, index) => {
      const key = accountKey(name, index);
      const producer = staked[index % staked.length];
      return account(key, balanceMina, delegate === "self" ? key : (producer ?? key));
    }),
  );
  const earning = snark.filter(({ genesisAccount }) => genesisAccount).map(({ name }) => feesKey(name));
  return [
    ...staked.map((key) => account(key, genesis.producerStakeMina, key)),
    ...earning.map((key) => account(key, FEE_ACCOUNT_MINA, key)),
    ...classes,
  ];
}

function account(key: string, balanceMina: string, delegate: string): Account {
  return {
    pk: ref.publicKey(key),
    balance: nanoPrecise(balanceMina),
    delegate: ref.publicKey(delegate),
    sk: null,
  };
}

/** An amount with all nine digits behind the point, as ledgers have it. */
function nanoPrecise(amount: string): string {
  const [whole = "0", fraction = ""] = amount.split(".");
  return `${whole}.${fraction.padEnd(NANO_DIGITS, "0")}`;
}
