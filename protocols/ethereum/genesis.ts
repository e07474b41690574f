import type { Genesis, LocalPlacement } from "../plan";
import { ref } from "../references";
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

/** Both layers' genesis from one set of settings: execution (geth's format), consensus (SSZ), chain configuration. */
export function ethereumGenesis(settings: EthereumNetwork, placement: LocalPlacement): Genesis {
  return {
    delaySeconds: settings.genesisDelaySeconds,
    files: [
      { path: "config.yaml", content: chainConfig(settings, placement) },
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

/** The consensus layer's constants, for the beacon and the validator clients. */
function chainConfig(settings: EthereumNetwork, { mayPause }: LocalPlacement): string {
  const { secondsPerSlot, slotsPerEpoch, chainId } = settings;
  const forks = ["ALTAIR", "BELLATRIX", "CAPELLA", "DENEB", "ELECTRA"];
  const lines: (readonly [string, string | number])[] = [
    ["PRESET_BASE", "mainnet"],
    ["CONFIG_NAME", "testnet"],
    ["MIN_GENESIS_ACTIVE_VALIDATOR_COUNT", validatorCount(settings)],
    ["MIN_GENESIS_TIME", 0],
    ["GENESIS_DELAY", 0],
    ["GENESIS_FORK_VERSION", GENESIS_FORK_VERSION],
    ...forks.flatMap((fork, index): (readonly [string, string | number])[] => [
      [`${fork}_FORK_VERSION`, `0x${index + 2}${GENESIS_FORK_VERSION.slice(3)}`],
      [`${fork}_FORK_EPOCH`, 0],
    ]),
    ["FULU_FORK_VERSION", `0x7${GENESIS_FORK_VERSION.slice(3)}`],
    ["FULU_FORK_EPOCH", FAR_FUTURE_EPOCH],
    ["TERMINAL_TOTAL_DIFFICULTY", 0],
    ["SECONDS_PER_SLOT", secondsPerSlot],
    ["SLOTS_PER_EPOCH", slotsPerEpoch],
    // The product is the mainnet limit of a list in the state (32 × 64), which the mainnet preset compiles in.
    ["EPOCHS_PER_ETH1_VOTING_PERIOD", 2048 / slotsPerEpoch],
    ["SECONDS_PER_ETH1_BLOCK", secondsPerSlot],
    ["ETH1_FOLLOW_DISTANCE", 16],
    ["DEPOSIT_CHAIN_ID", chainId],
    ["DEPOSIT_NETWORK_ID", chainId],
    ["DEPOSIT_CONTRACT_ADDRESS", DEPOSIT_CONTRACT],
    ...(mayPause ? patience(slotsPerEpoch) : []),
  ];
  return lines.map(([key, value]) => `${key}: ${value}\n`).join("");
}

/**
 * Constants of a chain that may stand still for long. With mainnet's a gap of 2,000 epochs takes an eighth of all stakes
 * (the inactivity leak grows with the square of the gap), and a longer one ejects every validator.
 */
function patience(slotsPerEpoch: number): (readonly [string, string | number])[] {
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
