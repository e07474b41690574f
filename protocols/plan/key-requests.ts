/** Forms in which clients read the private key that identifies them. */
export type NodeKeyFormat = "hex" | "raw";

/**
 * A key a target makes (local) or expects in the secret manager (clouds). Private parts stay with the target; the plan
 * refers to the public ones by reference.
 */
export type KeyRequest =
  /** A secp256k1 key that identifies an execution client: its enode is `{{enode NAME}}`. */
  | {
      readonly kind: "enode";
      readonly name: string;
      readonly host: string;
      /** How its file is written: `hex` (default) is the file NAME, `raw` is the file NAME/key of 32 bytes. */
      readonly format?: NodeKeyFormat;
      readonly tcpPort: number;
      readonly udpPort: number;
    }
  /** A secp256k1 key that identifies a consensus client: its minimal signed record is `{{enr NAME}}`, its libp2p id `{{peer-id NAME}}`. */
  | {
      readonly kind: "enr";
      readonly name: string;
      readonly host: string;
      readonly format?: NodeKeyFormat;
      readonly tcpPort: number;
      readonly udpPort: number;
    }
  /** A 32-byte shared secret as hex, e.g. of the engine API. */
  | { readonly kind: "jwt"; readonly name: string }
  /** Funded accounts of one fresh mnemonic, path m/44'/60'/0'/0/i; addresses are `{{address NAME/i}}`. */
  | { readonly kind: "accounts"; readonly name: string; readonly count: number }
  /** A key pair that owns and signs on Mina: files NAME/key and NAME/password, public key `{{public-key NAME}}`. */
  | { readonly kind: "mina-wallet"; readonly name: string }
  /** An Ed25519 libp2p identity in Mina's file format: files NAME/key and NAME/password, id `{{peer-id NAME}}`. */
  | { readonly kind: "mina-libp2p"; readonly name: string }
  /** An Ed25519 key that signs requests to the ITN GraphQL of Mina: file NAME/key, public part `{{public-key NAME}}`. */
  | { readonly kind: "mina-itn"; readonly name: string }
  /** BLS validator keys from..from+count-1 of the network's validator mnemonic, as an encrypted wallet of `format`. */
  | {
      readonly kind: "validators";
      readonly name: string;
      /** Whose files: a Prysm wallet, or the directories that the other clients read (EIP-2335 keystores). */
      readonly format: "prysm" | "lighthouse" | "teku" | "nimbus" | "lodestar";
      readonly from: number;
      readonly count: number;
      /** 4-byte version as 0x hex that the deposits are signed for. */
      readonly genesisForkVersion: string;
    };
