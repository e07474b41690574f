import type { SignAsValidator } from "../../../../keys/beacon-signer";
import type { AfterStart } from "../../../../protocols/plan";
import type { NetworkHome } from "../../home";
import type { Operation } from "../handler";
import { livingProcesses } from "../living";
import { alignExecutionHeads } from "./align-execution-heads";
import { awaitCommonHead } from "./await-common-head";

/** The chain an action is about. */
export interface Chain {
  readonly network: NetworkHome;
  readonly era: number;
}

/** Does one action of a plan; `urlOf` tells the address of a daemon's API. */
export async function runAction(
  action: AfterStart,
  urlOf: (daemon: string) => string,
  chain: Chain,
  { log, signal }: Operation,
): Promise<void> {
  switch (action.kind) {
    case "align-execution-heads": {
      const pairs = action.pairs.map(({ execution, consensus }) => ({
        execution: urlOf(execution),
        consensus: urlOf(consensus),
      }));
      return alignExecutionHeads(pairs, (text) => log.info(text), signal);
    }
    case "await-common-head": {
      const signer = () => signerUnlessRunning(chain, action.validators);
      return awaitCommonHead({ urls: action.consensus.map(urlOf), signer }, log, signal);
    }
  }
}

/** A validator must sign once only for a slot: with a client of theirs running, nobody else signs. */
async function signerUnlessRunning(
  { network, era }: Chain,
  validators: readonly string[],
): Promise<SignAsValidator | undefined> {
  if (livingProcesses(network).some(({ daemon }) => validators.includes(daemon))) return undefined;
  // Loaded when needed: few runs sign anything.
  const { validatorSigner } =
    require("../../../../keys/beacon-signer") as typeof import("../../../../keys/beacon-signer");
  return validatorSigner(network.era(era).secrets);
}
