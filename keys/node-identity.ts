import { randomBytes } from "node:crypto";

/** Where a node is found. */
export interface NodeAddress {
  /** IPv4, or a reference to it. */
  readonly host: string;
  readonly tcpPort: number;
  readonly udpPort: number;
}

/** A fresh secp256k1 private key as 64 hex digits, the form of geth's --nodekey and Prysm's --p2p-priv-key. */
export async function freshNodeKey(): Promise<string> {
  const { secp256k1 } = await import("@noble/curves/secp256k1.js");
  return Buffer.from(secp256k1.utils.randomSecretKey(randomBytes(48))).toString("hex");
}

/** 32 fresh random bytes as hex: the shared secret of the engine API. */
export function freshJwtSecret(): string {
  return randomBytes(32).toString("hex");
}

/** `enode://PUBLIC-KEY@HOST:TCP?discport=UDP` (EIP-1459's text form of a devp2p node). */
export async function enodeOf(nodeKey: string, address: NodeAddress): Promise<string> {
  return enodeAt(await nodeIdOf(nodeKey), address);
}

/** The uncompressed public key of a node key without its first byte, 128 hex digits. */
export async function nodeIdOf(nodeKey: string): Promise<string> {
  const { secp256k1 } = await import("@noble/curves/secp256k1.js");
  const publicKey = secp256k1.getPublicKey(Buffer.from(nodeKey, "hex"), false).subarray(1);
  return Buffer.from(publicKey).toString("hex");
}

/** The enode of a public key. The host may be a reference, which stays. */
export function enodeAt(nodeId: string, { host, tcpPort, udpPort }: NodeAddress): string {
  const discovery = udpPort === tcpPort ? "" : `?discport=${udpPort}`;
  return `enode://${nodeId}@${host}:${tcpPort}${discovery}`;
}

/**
 * A minimal signed node record (EIP-778, identity scheme v4): enough to find a node before it has ever run; peers then
 * fetch the live record, whose sequence number is higher.
 */
export async function enrOf(nodeKey: string, address: NodeAddress): Promise<string> {
  const [{ secp256k1 }, { keccak_256 }, { RLP }] = await Promise.all([
    import("@noble/curves/secp256k1.js"),
    import("@noble/hashes/sha3.js"),
    import("micro-eth-signer/core/rlp.js"),
  ]);
  const privateKey = Buffer.from(nodeKey, "hex");
  const content = [
    Uint8Array.of(1), // sequence number
    ...pair("id", Buffer.from("v4")),
    ...pair("ip", Uint8Array.from(address.host.split(".").map(Number))),
    ...pair("secp256k1", secp256k1.getPublicKey(privateKey, true)),
    ...pair("tcp", uint16(address.tcpPort)),
    ...pair("udp", uint16(address.udpPort)),
  ];
  const signature = secp256k1.sign(keccak_256(RLP.encode(content)), privateKey, { prehash: false });
  return `enr:${Buffer.from(RLP.encode([signature, ...content])).toString("base64url")}`;
}

/** Protobuf of a secp256k1 public key (type 2, 33 bytes) in an identity multihash of 37 bytes: libp2p's peer id. */
const PEER_ID_PREFIX = Uint8Array.of(0x00, 0x25, 0x08, 0x02, 0x12, 0x21);

/** The libp2p peer id of a node key, base58. */
export async function peerIdOf(nodeKey: string): Promise<string> {
  const [{ secp256k1 }, { base58 }] = await Promise.all([
    import("@noble/curves/secp256k1.js"),
    import("@scure/base"),
  ]);
  const publicKey = secp256k1.getPublicKey(Buffer.from(nodeKey, "hex"), true);
  return base58.encode(Buffer.concat([PEER_ID_PREFIX, publicKey]));
}

function pair(key: string, value: Uint8Array): [Uint8Array, Uint8Array] {
  return [Buffer.from(key), value];
}

/** Ports above 255 only: RLP wants integers without leading zeros. */
function uint16(value: number): Uint8Array {
  return Uint8Array.of(value >> 8, value & 0xff);
}
