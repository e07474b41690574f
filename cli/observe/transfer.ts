import * as fs from "node:fs/promises";
import type { EraHome } from "../../components/local/home";
import { accountsOf } from "../../keys/accounts";
import { mnemonicFile } from "../../keys/make";
import type { NodeObservation, Observed, Transfer } from "../../protocols/ethereum/observations";
import type { NetworkPlan } from "../../protocols/plan";
import { call, receipt, type SendingFacts, sendingFacts } from "./execution";
import type { RequestOptions } from "./http";
import type { NodeEndpoints } from "./nodes";

/** Wei. Nodes take no transaction that pays the proposer less than about a thousandth of this. */
const TIP = 1_000_000_000n;

const TRANSFER_GAS = 21_000n;

/** Signs transfers of one account to itself: nothing but the fee is gone afterwards. */
export interface Signer {
  readonly address: string;
  sign(facts: SendingFacts): Promise<{ readonly raw: string; readonly hash: string }>;
}

/** The prefunded account that pays for checks: the last one, so that the first stay as the user left them. */
export async function loadSigner(plan: NetworkPlan, era: EraHome): Promise<Observed<Signer>> {
  const request = plan.keys.find((key) => key.kind === "accounts");
  if (request === undefined) return { ok: false, reason: "the network has no funded account" };
  const file = mnemonicFile(era.secrets, request.name);
  try {
    const mnemonic = (await fs.readFile(file, "utf8")).trim();
    const account = (await accountsOf(mnemonic, request.count)).at(-1);
    if (account === undefined) return { ok: false, reason: "the network has no funded account" };
    const { address, privateKey } = account;
    return { ok: true, value: { address, sign: (facts) => sign(address, privateKey, facts) } };
  } catch (error) {
    return { ok: false, reason: `no key can be read from ${file}: ${(error as Error).message}` };
  }
}

async function sign(address: string, privateKey: string, { chainId, baseFee, nonce }: SendingFacts) {
  const { Transaction } = await import("micro-eth-signer");
  const transaction = Transaction.prepare({
    type: "eip1559",
    chainId,
    nonce,
    to: address,
    value: 1n,
    gasLimit: TRANSFER_GAS,
    maxPriorityFeePerGas: TIP,
    // Room for the base fee to double, as it may within six full blocks.
    maxFeePerGas: 2n * baseFee + TIP,
    // Without extra entropy two runs at once make the same transaction, and not two that exclude each other.
  }).signBy(privateKey, false);
  return { raw: transaction.toHex(), hash: `0x${transaction.hash.replace(/^0x/, "")}` };
}

/** A transfer on its way from one node to another, step by step. */
export class TransferProbe {
  private current: Transfer = { state: "waiting", reason: "the key is being read" };
  private target: NodeEndpoints | undefined;

  constructor(
    private readonly nodes: readonly NodeEndpoints[],
    private readonly signer: Promise<Observed<Signer>>,
  ) {}

  /** Does what can be done now, and tells how far it has come. Never throws. */
  async step(observations: readonly NodeObservation[], options?: RequestOptions): Promise<Transfer> {
    if (this.current.state === "waiting") this.current = await this.send(observations, options);
    else if (this.current.state === "sent") this.current = await this.look(this.current, options);
    return this.current;
  }

  private async send(observations: readonly NodeObservation[], options?: RequestOptions): Promise<Transfer> {
    const signer = await this.signer;
    if (!signer.ok) return { state: "impossible", reason: signer.reason };
    // A client that has had no block yet drops what its peers send it.
    const ready = this.nodes.filter((_, index) => (blockOf(observations[index]) ?? 0) > 0);
    const [from] = ready;
    const to = ready.at(-1);
    if (from === undefined || to === undefined || (from === to && this.nodes.length > 1)) {
      const few =
        this.nodes.length === 1 ? "no execution client has" : "fewer than two execution clients have";
      return { state: "waiting", reason: `${few} a block after genesis` };
    }
    const facts = await sendingFacts(from.executionUrl, signer.value.address, options);
    if (!facts.ok) return { state: "waiting", reason: `${from.node.execution}: ${facts.reason}` };
    const { raw, hash } = await signer.value.sign(facts.value);
    const answer = await call(from.executionUrl, "eth_sendRawTransaction", [raw], options);
    // "already known" is this very transaction: its answer was lost, or another run made the same.
    if (!answer.ok && !answer.reason.includes("already known")) {
      return { state: "waiting", reason: `${from.node.execution}: ${answer.reason}` };
    }
    this.target = to;
    return { state: "sent", hash, from: from.node.name, to: to.node.name, reason: "not in a block yet" };
  }

  private async look(
    sent: Extract<Transfer, { state: "sent" }>,
    options?: RequestOptions,
  ): Promise<Transfer> {
    if (this.target === undefined) return sent;
    const answer = await receipt(this.target.executionUrl, sent.hash, options);
    if (!answer.ok) return { ...sent, reason: answer.reason };
    if (answer.value === undefined) return { ...sent, reason: "not in a block yet" };
    const { hash, from, to } = sent;
    return { state: "received", hash, from, to, ...answer.value };
  }
}

function blockOf(observation: NodeObservation | undefined): number | undefined {
  return observation?.execution.ok === true ? observation.execution.value.block : undefined;
}
