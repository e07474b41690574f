import type { AlignExecutionHeads } from "../../../protocols/plan";
import type { AfterStartArgs } from "../resources";
import type { Operation, ResourceHandler } from "./handler";

/** Base URLs of an execution client and the consensus client that drives it. */
export interface EndpointPair {
  readonly execution: string;
  readonly consensus: string;
}

export type AlignHeads = (
  pairs: readonly EndpointPair[],
  log: (text: string) => void,
  signal: AbortSignal,
) => Promise<void>;

type Inputs = Omit<AfterStartArgs, "pids"> & { readonly pids: Readonly<Record<string, number>> };

/** What is done after daemons (re)started; see AfterStartResource. New process ids are a change, and run it again. */
export function afterStartHandler(alignExecutionHeads: AlignHeads): ResourceHandler<Inputs> {
  const run = async ({ action, endpoints }: Inputs, { log, signal }: Operation): Promise<object> => {
    const pairs = action.pairs.map((pair) => endpointsOf(pair, endpoints));
    await alignExecutionHeads(pairs, (text) => log.info(text), signal);
    return {};
  };
  return {
    computed: {},
    replacedBy: [],
    async create(inputs, operation) {
      return { id: `${inputs.network}/${inputs.action.kind}`, outputs: await run(inputs, operation) };
    },
    // Nothing of it remains that could be gone.
    read: () => ({}),
    update: ({ inputs }, operation) => run(inputs, operation),
    delete: () => undefined,
  };
}

function endpointsOf(
  pair: AlignExecutionHeads["pairs"][number],
  endpoints: Inputs["endpoints"],
): EndpointPair {
  const { [pair.execution]: execution, [pair.consensus]: consensus } = endpoints;
  if (execution === undefined || consensus === undefined) {
    throw new Error(`no RPC address is given for ${pair.execution} or ${pair.consensus}`);
  }
  return { execution, consensus };
}
