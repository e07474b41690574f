import type { AfterStartArgs } from "../resources";
import type { runAction } from "./actions/run-action";
import type { Operation, ResourceHandler } from "./handler";
import { networkHome } from "./places";

export type RunAction = typeof runAction;

type Inputs = Omit<AfterStartArgs, "pids"> & { readonly pids: Readonly<Record<string, number>> };

/** What is done after daemons (re)started; see AfterStartResource. New process ids are a change, and run it again. */
export function afterStartHandler(run: RunAction): ResourceHandler<Inputs> {
  const act = async (inputs: Inputs, operation: Operation): Promise<object> => {
    const { network, era, action, endpoints } = inputs;
    const urlOf = (daemon: string): string => {
      const url = endpoints[daemon];
      if (url === undefined) throw new Error(`no API address is given for ${daemon}`);
      return url;
    };
    const chain = { network: networkHome(operation.home, network), era };
    await run(action, urlOf, chain, operation);
    return {};
  };
  return {
    computed: {},
    replacedBy: [],
    async create(inputs, operation) {
      return { id: `${inputs.network}/${inputs.action.kind}`, outputs: await act(inputs, operation) };
    },
    // Nothing of it remains that could be gone.
    read: () => ({}),
    update: ({ inputs }, operation) => act(inputs, operation),
    delete: () => undefined,
  };
}
