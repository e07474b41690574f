/** One validator's signing key. */
export interface ValidatorKey {
  readonly privateKey: Uint8Array;
  readonly publicKey: Uint8Array;
}

/** One entry of a deposit file, as the staking deposit tool writes it. Public. */
export interface DepositData {
  readonly pubkey: string;
  readonly withdrawal_credentials: string;
  /** Gwei. */
  readonly amount: number;
  readonly signature: string;
  readonly deposit_message_root: string;
  readonly deposit_data_root: string;
  readonly fork_version: string;
}

/** DOMAIN_DEPOSIT of the consensus specification. */
const DOMAIN_DEPOSIT = Uint8Array.of(3, 0, 0, 0);

/** 32 ether, the stake of one validator. */
const STAKE_GWEI = 32_000_000_000;

/** Signing keys of a mnemonic's seed, path m/12381/3600/i/0/0 (EIP-2334), for i from..from+count-1. */
export async function validatorKeysOf(
  seed: Uint8Array,
  from: number,
  count: number,
): Promise<ValidatorKey[]> {
  const [{ SecretKey }, { deriveChild, deriveSeedTree }] = await Promise.all([
    import("@chainsafe/blst"),
    import("micro-key-producer/bls.js"),
  ]);
  // The first two levels are the same for all keys; a level costs 510 hashes.
  const parent = deriveSeedTree(seed, "m/12381/3600");
  return Array.from({ length: count }, (_, step) => {
    const privateKey = deriveChild(deriveChild(deriveChild(parent, from + step), 0), 0);
    return { privateKey, publicKey: SecretKey.fromBytes(privateKey).toPublicKey().toBytes() };
  });
}

/**
 * Signs the deposits that make keys validators at genesis.
 * @param withdrawalAddress 0x address that exits and rewards are paid to (0x01 credentials)
 * @param genesisForkVersion 4 bytes as 0x hex; a deposit signed for one network is void on another
 */
export async function depositsOf(
  keys: readonly ValidatorKey[],
  withdrawalAddress: string,
  genesisForkVersion: string,
): Promise<DepositData[]> {
  const [{ SecretKey }, { bytes, container, uint64 }] = await Promise.all([
    import("@chainsafe/blst"),
    import("micro-eth-signer/ssz.js"),
  ]);
  // Containers of the consensus specification, phase 0.
  const fields = { pubkey: bytes(48), withdrawal_credentials: bytes(32), amount: uint64 };
  const DepositMessage = container(fields);
  const SignedDeposit = container({ ...fields, signature: bytes(96) });
  const ForkData = container({ current_version: bytes(4), genesis_validators_root: bytes(32) });
  const SigningData = container({ object_root: bytes(32), domain: bytes(32) });

  const forkRoot = ForkData.merkleRoot({
    current_version: bytesOf(genesisForkVersion),
    genesis_validators_root: new Uint8Array(32),
  });
  const domain = Buffer.concat([DOMAIN_DEPOSIT, forkRoot.subarray(0, 28)]);
  const credentials = Buffer.concat([Uint8Array.of(1, ...new Uint8Array(11)), bytesOf(withdrawalAddress)]);
  return keys.map((key) => {
    const message = {
      pubkey: key.publicKey,
      withdrawal_credentials: credentials,
      amount: BigInt(STAKE_GWEI),
    };
    const messageRoot = DepositMessage.merkleRoot(message);
    const signingRoot = SigningData.merkleRoot({ object_root: messageRoot, domain });
    const signature = SecretKey.fromBytes(key.privateKey).sign(signingRoot).toBytes();
    return {
      pubkey: hexOf(message.pubkey),
      withdrawal_credentials: hexOf(credentials),
      amount: STAKE_GWEI,
      signature: hexOf(signature),
      deposit_message_root: hexOf(messageRoot),
      deposit_data_root: hexOf(SignedDeposit.merkleRoot({ ...message, signature })),
      fork_version: genesisForkVersion.replace(/^0x/, ""),
    };
  });
}

function bytesOf(hex: string): Uint8Array {
  return Buffer.from(hex.replace(/^0x/, ""), "hex");
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
