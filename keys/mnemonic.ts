/** 24 fresh words (256 bits, BIP-39). */
export async function freshMnemonic(): Promise<string> {
  const [{ generateMnemonic }, { wordlist }] = await Promise.all([
    import("@scure/bip39"),
    import("@scure/bip39/wordlists/english.js"),
  ]);
  return generateMnemonic(wordlist, 256);
}

/** The BIP-39 seed without a passphrase. */
export async function seedOf(mnemonic: string): Promise<Uint8Array> {
  const { mnemonicToSeedWebcrypto } = await import("@scure/bip39");
  return mnemonicToSeedWebcrypto(mnemonic);
}
