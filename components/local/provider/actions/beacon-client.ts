/** How long one call may take: after a long sleep the first ones wait for a node that works through all its slots. */
const CALL_MS = 600_000;

/** What a consensus client says of its view of the chain. */
export interface Sync {
  readonly client: BeaconClient;
  /** Slot of its head block. */
  readonly head: number;
  /** Slots from there to now. */
  readonly distance: number;
  /** Whether it fetches blocks from its peers in bulk, and takes none as they come. */
  readonly syncing: boolean;
}

/** What signatures on a chain are bound to. */
export interface Chain {
  readonly slotsPerEpoch: number;
  readonly genesisValidatorsRoot: Uint8Array;
  readonly forkVersion: Uint8Array;
}

export interface SignedBlock {
  /** The fork's name, e.g. `electra`. */
  readonly version: string;
  readonly ssz: Uint8Array;
}

/** The part of a consensus client's Beacon API that actions need. */
export class BeaconClient {
  constructor(
    readonly url: string,
    private readonly signal: AbortSignal,
  ) {}

  async sync(): Promise<Sync> {
    const { data } = await this.get<{
      data: { head_slot: string; sync_distance: string; is_syncing: boolean };
    }>("/eth/v1/node/syncing");
    return {
      client: this,
      head: Number(data.head_slot),
      distance: Number(data.sync_distance),
      syncing: data.is_syncing,
    };
  }

  async chain(): Promise<Chain> {
    const [spec, genesis, fork] = await Promise.all([
      this.get<{ data: { SLOTS_PER_EPOCH: string } }>("/eth/v1/config/spec"),
      this.get<{ data: { genesis_validators_root: string } }>("/eth/v1/beacon/genesis"),
      this.get<{ data: { current_version: string } }>("/eth/v1/beacon/states/head/fork"),
    ]);
    return {
      slotsPerEpoch: Number(spec.data.SLOTS_PER_EPOCH),
      genesisValidatorsRoot: bytesOf(genesis.data.genesis_validators_root),
      forkVersion: bytesOf(fork.data.current_version),
    };
  }

  /**
   * Has the node prepare payloads for all validators. Only a node with somebody to propose for tells its execution client
   * of its head every slot; until it has, a restarted node takes that head to be unchecked and builds nothing on it.
   */
  async prepareProposers(): Promise<void> {
    const { data: validators } = await this.get<{ data: { index: string }[] }>(
      "/eth/v1/beacon/states/head/validators",
    );
    const { data: block } = await this.get<{
      data: { message: { body: { execution_payload: { fee_recipient: string } } } };
    }>("/eth/v2/beacon/blocks/head");
    const { fee_recipient } = block.message.body.execution_payload;
    await this.call("/eth/v1/validator/prepare_beacon_proposer", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(validators.map(({ index }) => ({ validator_index: index, fee_recipient }))),
    });
  }

  /** The validator whose turn a slot is. */
  async proposer(epoch: number, slot: number): Promise<{ index: number; publicKey: string }> {
    const { data } = await this.get<{ data: { slot: string; validator_index: string; pubkey: string }[] }>(
      `/eth/v1/validator/duties/proposer/${epoch}`,
    );
    const duty = data.find((candidate) => Number(candidate.slot) === slot);
    if (duty === undefined) throw new Error(`${this.url} knows no proposer of slot ${slot}`);
    return { index: Number(duty.validator_index), publicKey: duty.pubkey };
  }

  async unsignedBlock(slot: number, reveal: Uint8Array): Promise<{ version: string; contents: Uint8Array }> {
    const randao = `0x${Buffer.from(reveal).toString("hex")}`;
    const response = await this.call(`/eth/v3/validator/blocks/${slot}?randao_reveal=${randao}`, {
      headers: { accept: "application/octet-stream" },
    });
    const version = response.headers.get("eth-consensus-version") ?? "";
    return { version, contents: new Uint8Array(await response.arrayBuffer()) };
  }

  async publish({ version, ssz }: SignedBlock): Promise<void> {
    await this.call("/eth/v2/beacon/blocks", {
      method: "POST",
      headers: { "content-type": "application/octet-stream", "eth-consensus-version": version },
      body: ssz,
    });
  }

  private async get<T>(path: string): Promise<T> {
    return (await this.call(path, {}).then((response) => response.json())) as T;
  }

  private async call(path: string, init: RequestInit): Promise<Response> {
    const signal = AbortSignal.any([this.signal, AbortSignal.timeout(CALL_MS)]);
    const response = await fetch(new URL(path, this.url), { ...init, signal });
    if (response.ok) return response;
    const text = (await response.text()).slice(0, 300);
    throw new Error(`${this.url}${path.replace(/\?.*/, "")} answered ${response.status}: ${text}`);
  }
}

function bytesOf(hex: string): Uint8Array {
  return Buffer.from(hex.replace(/^0x/, ""), "hex");
}
