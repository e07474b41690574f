import type { Genesis, LocalPlacement } from "../plan";
import { ref } from "../references";
import chainConstants from "./chain-constants.json";
import type { EthereumNetwork } from "./settings";
import systemContracts from "./system-contracts.json";
import { validatorCount } from "./topology";

/** The version our deposits are signed for; told apart from every public network by its last bytes. */
export const GENESIS_FORK_VERSION = "0x10007e57";

/** Name of the key request of the prefunded accounts. */
export const FUNDED_ACCOUNTS = "funded";

/** "Never", in epochs: the largest 64-bit number, as clients write it. */
const FAR_FUTURE_EPOCH = "18446744073709551615";

const WEI_PER_ETHER = 10n ** 18n;

/** What a genesis depends on beyond the settings. */
interface GenesisPlace {
  /** Whether all daemons may stand still for hours or days. */
  readonly mayPause: boolean;
  /** Whether clients other than Prysm, which take nothing for granted, read the files too. */
  readonly othersThanPrysm: boolean;
  /** Seconds to the first slot where the settings do not say. */
  readonly delaySeconds: number;
}

/** On this machine nobody has to wait for machines, and all clients are Prysm. */
export function localGenesis(settings: EthereumNetwork, { mayPause }: LocalPlacement): Genesis {
  return ethereumGenesis(settings, { mayPause, othersThanPrysm: false, delaySeconds: 0 });
}

/** Time for machines to be made and images to be fetched before the first slot. */
const CLUSTER_DELAY_SECONDS = 300;

/** In clusters whoever joins needs the files that all daemons share. */
export function clusterGenesis(settings: EthereumNetwork): Genesis {
  const delaySeconds = CLUSTER_DELAY_SECONDS;
  const othersThanPrysm = settings.nodes.some(({ consensus }) => consensus !== "prysm");
  const genesis = ethereumGenesis(settings, { mayPause: false, othersThanPrysm, delaySeconds });
  return {
    ...genesis,
    // Lighthouse and Nimbus ask from which block of the execution layer deposits are.
    files: [...genesis.files, { path: "deposit_contract_block.txt", content: "0\n" }],
    published: ["config.yaml", "deposit_contract_block.txt", "genesis.json", "genesis.ssz"],
  };
}

/** Both layers' genesis from one set of settings: execution (geth's format), consensus (SSZ), chain configuration. */
function ethereumGenesis(settings: EthereumNetwork, place: GenesisPlace): Genesis {
  return {
    delaySeconds: settings.genesisDelaySeconds ?? place.delaySeconds,
    files: [
      { path: "config.yaml", content: chainConfig(settings, place) },
      { path: "execution-input.json", content: executionGenesis(settings) },
      { path: "deposits.json", content: ref.deposits },
    ],
    runs: [
      {
        program: "prysmctl",
        args: [
          "testnet",
          "generate-genesis",
          "--fork=electra",
          `--num-validators=0`,
          `--genesis-time=${ref.genesisTime}`,
          "--chain-config-file=config.yaml",
          "--deposit-json-file=deposits.json",
          "--geth-genesis-json-in=execution-input.json",
          "--geth-genesis-json-out=genesis.json",
          "--output-ssz=genesis.ssz",
        ],
        produces: ["genesis.json", "genesis.ssz"],
      },
    ],
  };
}

type ConfigLine = readonly [key: string, value: string | number];

/** The consensus layer's constants, for the beacon and the validator clients. */
function chainConfig(settings: EthereumNetwork, { mayPause, othersThanPrysm }: GenesisPlace): string {
  const { secondsPerSlot, slotsPerEpoch, chainId } = settings;
  const forks = ["ALTAIR", "BELLATRIX", "CAPELLA", "DENEB", "ELECTRA"];
  const lines: ConfigLine[] = [
    ["PRESET_BASE", "mainnet"],
    ["CONFIG_NAME", "testnet"],
    ["MIN_GENESIS_ACTIVE_VALIDATOR_COUNT", validatorCount(settings)],
    ["MIN_GENESIS_TIME", 0],
    ["GENESIS_DELAY", 0],
    ["GENESIS_FORK_VERSION", GENESIS_FORK_VERSION],
    ...forks.flatMap((fork, index): ConfigLine[] => [
      [`${fork}_FORK_VERSION`, `0x${index + 2}${GENESIS_FORK_VERSION.slice(3)}`],
      [`${fork}_FORK_EPOCH`, 0],
    ]),
    ["FULU_FORK_VERSION", `0x7${GENESIS_FORK_VERSION.slice(3)}`],
    ["FULU_FORK_EPOCH", FAR_FUTURE_EPOCH],
    ["TERMINAL_TOTAL_DIFFICULTY", 0],
    ["SECONDS_PER_SLOT", secondsPerSlot],
    ...(othersThanPrysm ? [] : epochLines(slotsPerEpoch)),
    ["SECONDS_PER_ETH1_BLOCK", secondsPerSlot],
    ["ETH1_FOLLOW_DISTANCE", 16],
    ["DEPOSIT_CHAIN_ID", chainId],
    ["DEPOSIT_NETWORK_ID", chainId],
    ["DEPOSIT_CONTRACT_ADDRESS", DEPOSIT_CONTRACT],
    ...(mayPause ? patience(slotsPerEpoch) : []),
    ...(othersThanPrysm ? mainnetConstants(secondsPerSlot) : []),
  ];
  return lines.map(([key, value]) => `${key}: ${value}\n`).join("");
}

/** What is compiled into every client but Prysm; networks with others have mainnet's. */
function epochLines(slotsPerEpoch: number): ConfigLine[] {
  return [
    ["SLOTS_PER_EPOCH", slotsPerEpoch],
    // The product is the mainnet limit of a list in the state (32 × 64), which the mainnet preset compiles in.
    ["EPOCHS_PER_ETH1_VOTING_PERIOD", 2048 / slotsPerEpoch],
  ];
}

/** Constants that some clients want to see even where they are mainnet's. */
function mainnetConstants(secondsPerSlot: number): ConfigLine[] {
  return [
    // Newer releases read the length of a slot here. Prysm 6 says that it does not know it, and goes on.
    ["SLOT_DURATION_MS", secondsPerSlot * 1000],
    ["TERMINAL_BLOCK_HASH_ACTIVATION_EPOCH", FAR_FUTURE_EPOCH],
    ...Object.entries(chainConstants),
  ];
}

/**
 * Constants of a chain that may stand still for long. With mainnet's a gap of 2,000 epochs takes an eighth of all stakes
 * (the inactivity leak grows with the square of the gap), and a longer one ejects every validator.
 */
function patience(slotsPerEpoch: number): ConfigLine[] {
  return [
    ["BASE_REWARD_FACTOR", 1],
    ["MIN_EPOCHS_TO_INACTIVITY_PENALTY", 1_000_000_000],
    // Choosing a sync committee is most of the work of an empty epoch: as seldom as 8192 slots of history allow.
    ["EPOCHS_PER_SYNC_COMMITTEE_PERIOD", 8192 / slotsPerEpoch],
  ];
}

const DEPOSIT_CONTRACT = "0x00000000219ab540356cBB839Cbe05303d7705Fa";

/** The execution layer's genesis in geth's format, before prysmctl sets the fork times to the genesis time. */
function executionGenesis(settings: EthereumNetwork): string {
  const { chainId, gasLimit, fundedAccounts } = settings;
  const balance = `0x${(BigInt(fundedAccounts.balanceEther) * WEI_PER_ETHER).toString(16)}`;
  const funded = Array.from({ length: fundedAccounts.count }, (_, index) => [
    ref.address(FUNDED_ACCOUNTS, index),
    { balance },
  ]);
  const contracts = Object.entries(systemContracts).map(([address, contract]) => [
    address,
    {
      balance: "0x0",
      nonce: "0x1",
      code: contract.code,
      ...("storage" in contract && { storage: contract.storage }),
    },
  ]);
  const genesis = {
    config: {
      chainId,
      ...Object.fromEntries(EARLY_FORK_BLOCKS.map((fork) => [fork, 0])),
      terminalTotalDifficulty: 0,
      shanghaiTime: 0,
      cancunTime: 0,
      pragueTime: 0,
      depositContractAddress: DEPOSIT_CONTRACT,
      // Blob targets of the forks' own specifications, EIP-4844 and EIP-7691.
      blobSchedule: {
        cancun: { target: 3, max: 6, baseFeeUpdateFraction: 3338477 },
        prague: { target: 6, max: 9, baseFeeUpdateFraction: 5007716 },
      },
    },
    nonce: "0x0",
    timestamp: "0x0",
    extraData: "0x",
    gasLimit: `0x${gasLimit.toString(16)}`,
    baseFeePerGas: "0x3b9aca00",
    difficulty: "0x0",
    alloc: Object.fromEntries([...contracts, ...funded]) as Record<string, unknown>,
  };
  return `${JSON.stringify(genesis, undefined, 2)}\n`;
}

const EARLY_FORK_BLOCKS = [
  "homesteadBlock",
  "eip150Block",
  "eip155Block",
  "eip158Block",
  "byzantiumBlock",
  "constantinopleBlock",
  "petersburgBlock",
  "istanbulBlock",
  "muirGlacierBlock",
  "berlinBlock",
  "londonBlock",
  "arrowGlacierBlock",
  "grayGlacierBlock",
  "mergeNetsplitBlock",
];
