import * as fs from "node:fs/promises";
import { mnemonicFile } from "./make";
import { seedOf } from "./mnemonic";
import { type ValidatorKey, validatorKeysOf } from "./validators";

/** What a signature is bound to beside the message: purpose, chain and fork. */
export interface SignatureDomain {
  /** Type of the message, 4 bytes, e.g. DOMAIN_RANDAO of the consensus specification. */
  readonly type: Uint8Array;
  readonly forkVersion: Uint8Array;
  readonly genesisValidatorsRoot: Uint8Array;
}

/** Signs as one of a network's validators: 96 bytes over the root of the signed object. */
export type SignAsValidator = (
  validator: { readonly index: number; readonly publicKey: string },
  objectRoot: Uint8Array,
  domain: SignatureDomain,
) => Promise<Uint8Array>;

/**
 * A signer with the keys of all validators of a chain, from the mnemonic in its directory of private files.
 * The validators' indices are those of their keys: deposits at genesis are in that order.
 */
export async function validatorSigner(secrets: string): Promise<SignAsValidator> {
  const seed = await seedOf(await fs.readFile(mnemonicFile(secrets, "validators"), "utf8"));
  const [{ SecretKey }, { bytes, container }] = await Promise.all([
    import("@chainsafe/blst"),
    import("micro-eth-signer/ssz.js"),
  ]);
  const ForkData = container({ current_version: bytes(4), genesis_validators_root: bytes(32) });
  const SigningData = container({ object_root: bytes(32), domain: bytes(32) });
  const keys = new Map<number, ValidatorKey>();

  return async ({ index, publicKey }, objectRoot, { type, forkVersion, genesisValidatorsRoot }) => {
    const key = keys.get(index) ?? (await validatorKeysOf(seed, index, 1))[0];
    if (key === undefined || publicKey !== `0x${Buffer.from(key.publicKey).toString("hex")}`) {
      throw new Error(`validator ${index} (${publicKey}) is none of this network's keys`);
    }
    keys.set(index, key);
    const forkRoot = ForkData.merkleRoot({
      current_version: forkVersion,
      genesis_validators_root: genesisValidatorsRoot,
    });
    const domain = Buffer.concat([type, forkRoot.subarray(0, 28)]);
    const signingRoot = SigningData.merkleRoot({ object_root: objectRoot, domain });
    return SecretKey.fromBytes(key.privateKey).sign(signingRoot).toBytes();
  };
}
