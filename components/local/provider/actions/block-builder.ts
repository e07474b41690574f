import type { SignatureDomain, SignAsValidator } from "../../../../keys/beacon-signer";
import type { BeaconClient, Chain, SignedBlock } from "./beacon-client";

/** Domains of the consensus specification. */
const DOMAIN_BEACON_PROPOSER = Uint8Array.of(0, 0, 0, 0);
const DOMAIN_RANDAO = Uint8Array.of(2, 0, 0, 0);

/** Builds blocks as a validator's client does: asks the node for one, and signs it. */
export class BlockBuilder {
  constructor(
    private readonly client: BeaconClient,
    private readonly chain: Chain,
    private readonly sign: SignAsValidator,
  ) {}

  async signedBlock(slot: number): Promise<SignedBlock> {
    const { ETH2_PROFILES, uint64 } = await import("micro-eth-signer/ssz.js");
    const { BeaconBlock } = ETH2_PROFILES.electra;
    const epoch = Math.floor(slot / this.chain.slotsPerEpoch);
    const proposer = await this.client.proposer(epoch, slot);
    const reveal = await this.sign(proposer, uint64.merkleRoot(BigInt(epoch)), this.domain(DOMAIN_RANDAO));
    const { version, contents } = await this.client.unsignedBlock(slot, reveal);
    const { block, blobs } = splitContents(contents);
    const root = BeaconBlock.merkleRoot(BeaconBlock.decode(block));
    const signature = await this.sign(proposer, root, this.domain(DOMAIN_BEACON_PROPOSER));
    return { version, ssz: joinContents(signature, block, blobs) };
  }

  private domain(type: Uint8Array): SignatureDomain {
    return { type, ...this.chain };
  }
}

/** Lengths of an SSZ offset and of a signature. */
const OFFSET = 4;
const SIGNATURE = 96;

/** SSZ of `BlockContents { block, kzg_proofs, blobs }`: three offsets, then the parts. */
function splitContents(contents: Uint8Array): { block: Uint8Array; blobs: Uint8Array[] } {
  const view = new DataView(contents.buffer, contents.byteOffset, contents.byteLength);
  const [block, proofs, blobs] = [0, 1, 2].map((index) => view.getUint32(index * OFFSET, true)) as [
    number,
    number,
    number,
  ];
  return {
    block: contents.subarray(block, proofs),
    blobs: [contents.subarray(proofs, blobs), contents.subarray(blobs)],
  };
}

/** SSZ of `SignedBlockContents { signed_block { message, signature }, kzg_proofs, blobs }`. */
function joinContents(signature: Uint8Array, block: Uint8Array, [proofs, blobs]: Uint8Array[]): Uint8Array {
  const signedBlock = Buffer.concat([offsets(OFFSET + SIGNATURE), signature, block]);
  const parts = [signedBlock, proofs ?? Buffer.alloc(0), blobs ?? Buffer.alloc(0)];
  let at = parts.length * OFFSET;
  const starts = parts.map((part) => (at += part.length) - part.length);
  return Buffer.concat([offsets(...starts), ...parts]);
}

function offsets(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * OFFSET);
  values.forEach((value, index) => bytes.writeUInt32LE(value, index * OFFSET));
  return bytes;
}
