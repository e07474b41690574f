import * as path from "node:path";
import { areEqual, differences, topLevel } from "../../../plugin/difference";
import type { EngineLog } from "../../../plugin/engine-log";
import {
  PartialFailure,
  UNKNOWN,
  type CheckCall,
  type CheckFailure,
  type Checked,
  type CreateCall,
  type Created,
  type DeleteCall,
  type Diff,
  type DiffCall,
  type Found,
  type Properties,
  type Provider,
  type ReadCall,
  type UpdateCall,
} from "../../../plugin/provider";
import { PluginServer } from "../../../plugin/server";
import type { Operation, ResourceHandler } from "./handler";

/** By type token, e.g. `testnet-local:index:Process`. */
export type Handlers = Readonly<Record<string, ResourceHandler>>;

/** Pulumi's provider protocol for a set of resource handlers. */
export class ProviderServer extends PluginServer {
  constructor(handlers: Handlers, log: EngineLog) {
    super(new LocalProvider(handlers), log);
  }
}

/** Everything that is the same for all resource types of this machine. */
class LocalProvider implements Provider {
  readonly name = "testnet-local";
  readonly version = "0.1.0";
  /** The engine looks before every update, so that a plain `up` mends what has died. */
  readonly refreshBeforeUpdate = true;
  private home: string | undefined;

  constructor(private readonly handlers: Handlers) {}

  checkConfig({ home }: Properties): CheckFailure[] {
    const failure = home === UNKNOWN ? undefined : checkHome(home);
    return failure === undefined ? [] : [failure];
  }

  configure({ home }: Properties): void {
    const failure = checkHome(home);
    if (failure !== undefined) throw new Error(failure.reason);
    this.home = home as string;
  }

  check({ type, inputs, old }: CheckCall): Checked {
    const failures = this.handlerOf(type).check?.(inputs, old, this.configuredHome()) ?? [];
    return { inputs, failures };
  }

  diff({ type, old, inputs }: DiffCall): Diff {
    const handler = this.handlerOf(type);
    const compared = (some: object) => handler.compared?.(some) ?? some;
    return {
      differences: differences(compared(old), compared(inputs)),
      replaces: (at) => handler.replacedBy.includes(topLevel(at)),
    };
  }

  async create({ inputs, preview, ...call }: CreateCall): Promise<Created> {
    const handler = this.handlerOf(call.type);
    if (preview) {
      const unknown = Object.fromEntries(Object.keys(handler.computed).map((name) => [name, UNKNOWN]));
      return { outputs: { ...inputs, ...unknown } };
    }
    const made = await withInputs(inputs, () => handler.create(inputs, this.operation(call)));
    return { id: made.id, outputs: { ...inputs, ...made.outputs } };
  }

  async read({ inputs, outputs, ...call }: ReadCall): Promise<Found | undefined> {
    const handler = this.handlerOf(call.type);
    // Without inputs it is an import, of which there is nothing to know.
    if (Object.keys(inputs).length === 0) return undefined;
    const found = await handler.read(inputs, this.operation(call), outputs);
    return found && { inputs, outputs: { ...inputs, ...found } };
  }

  async update({ id, old, inputs, outputs, preview, ...call }: UpdateCall): Promise<object> {
    const handler = this.handlerOf(call.type);
    if (preview) {
      const changes = !areEqual(old, inputs);
      const computed = Object.entries(handler.computed).map(([name, kind]) => [
        name,
        kind === "volatile" && changes ? UNKNOWN : outputs[name],
      ]);
      return { ...inputs, ...(Object.fromEntries(computed) as object) };
    }
    const change = { id, old, inputs, outputs };
    const updated = await withInputs(inputs, () => handler.update(change, this.operation(call)));
    return { ...inputs, ...updated };
  }

  async delete({ inputs, ...call }: DeleteCall): Promise<void> {
    await this.handlerOf(call.type).delete(inputs, this.operation(call));
  }

  private operation({ urn, signal, log }: Omit<Operation, "home">): Operation {
    return { urn, signal, log, home: this.configuredHome() };
  }

  private handlerOf(type: string): ResourceHandler {
    const handler = this.handlers[type];
    if (handler !== undefined) return handler;
    const known = Object.keys(this.handlers).join(", ");
    throw new Error(`the provider testnet-local has no resource type ${type}; it has ${known}`);
  }

  private configuredHome(): string {
    if (this.home === undefined) {
      throw new Error("the provider testnet-local is used before it was configured");
    }
    return this.home;
  }
}

/** What is kept in the state after a partial failure are the inputs, too. */
async function withInputs<T>(inputs: object, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof PartialFailure)) throw error;
    throw new PartialFailure(error.id, { ...inputs, ...error.outputs }, error.cause);
  }
}

function checkHome(home: unknown): CheckFailure | undefined {
  if (typeof home === "string" && path.isAbsolute(home)) return undefined;
  return { property: "home", reason: "`home` must be the absolute path of the state directory" };
}
