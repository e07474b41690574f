import { seedOf } from "./mnemonic";

export interface Account {
  /** EIP-55 checksummed. */
  readonly address: string;
  /** 0x and 64 hex digits. */
  readonly privateKey: string;
}

/** Accounts 0 to count-1 of a mnemonic, path m/44'/60'/0'/0/i: the one every Ethereum wallet uses. */
export async function accountsOf(mnemonic: string, count: number): Promise<Account[]> {
  const [{ HDKey }, { addr }] = await Promise.all([import("@scure/bip32"), import("micro-eth-signer")]);
  const parent = HDKey.fromMasterSeed(await seedOf(mnemonic)).derive("m/44'/60'/0'/0");
  return Array.from({ length: count }, (_, index) => {
    const key = parent.deriveChild(index).privateKey;
    if (key === null) throw new Error("the derived key is public only");
    const privateKey = `0x${Buffer.from(key).toString("hex")}`;
    return { address: addr.fromPrivateKey(privateKey), privateKey };
  });
}
