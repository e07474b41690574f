import { differences } from "../../plugin/difference";
import {
  Refused,
  UNKNOWN,
  type CheckCall,
  type Checked,
  type CheckFailure,
  type CreateCall,
  type Created,
  type DeleteCall,
  type Diff,
  type DiffCall,
  type Found,
  type Operation,
  type Properties,
  type Provider,
  type ReadCall,
  type UpdateCall,
} from "../../plugin/provider";
import { check, isMadeUp } from "./checks";
import { Lifecycle, type Wish } from "./lifecycle";
import type { Cloud, Model } from "./model";
import { isBelow, valuesAt, withValueAt } from "./paths";
import type { CloudRecord } from "./record";
import { isOptional, misfits, type ResourceShape } from "./shapes";
import type { World } from "./world";

/** The provider of a simulated cloud, as one provider resource of the program configured it. */
export class SimulatedProvider implements Provider {
  readonly name: string;
  readonly version: string;
  private config: Properties = {};
  private readonly lifecycle: Lifecycle;

  constructor(
    private readonly world: World,
    private readonly cloud: Cloud,
  ) {
    this.name = cloud.name;
    this.version = cloud.shapes.version;
    this.lifecycle = new Lifecycle(world, cloud);
  }

  checkConfig(inputs: Properties): CheckFailure[] {
    const config = parsed(inputs);
    delete config["version"];
    const wrong = misfits(config, this.cloud.shapes.provider, this.cloud.shapes);
    if (wrong.length > 0) return wrong;
    const reason = this.cloud.checkConfig(config);
    return reason === undefined ? [] : [{ reason }];
  }

  configure(inputs: Properties): void {
    this.config = parsed(inputs);
    const reason = this.cloud.checkConfig(this.config);
    if (reason !== undefined) throw new Refused(reason);
  }

  check(call: CheckCall): Checked {
    return check(call, this.lifecycle.model(call.type), this.shape(call.type), this.cloud.shapes);
  }

  diff({ type, id, old, inputs }: DiffCall): Diff {
    const model = this.lifecycle.model(type);
    const record = this.find(type, id, old);
    if (record !== undefined) this.lifecycle.claim(record);
    const { autoname } = model;
    // Two of one name cannot be there at once.
    const deleteBeforeReplace = autoname === undefined || !isMadeUp(inputs, autoname.property);
    return {
      differences: differences(visible(old), visible(inputs)),
      replaces: (path) => replaces(model, path),
      deleteBeforeReplace,
    };
  }

  async create({ inputs, preview, ...operation }: CreateCall): Promise<Created> {
    const model = this.lifecycle.model(operation.type);
    if (preview) return { outputs: this.foreseen(inputs, model, operation.type) };
    const { id, attributes } = await this.lifecycle.create(this.wish(inputs, operation));
    return { id, outputs: attributes };
  }

  read({ id, inputs, ...operation }: ReadCall): Found | undefined {
    const record = this.find(operation.type, id, inputs);
    if (record === undefined) return undefined;
    const { attributes } = this.lifecycle.claim(record);
    return {
      id,
      inputs: Object.keys(inputs).length === 0 ? record.inputs : found(record, inputs),
      outputs: attributes,
    };
  }

  async update({ id, old, inputs, outputs, preview, ...operation }: UpdateCall): Promise<object> {
    if (preview) return this.foreseenChange(inputs, outputs, this.lifecycle.model(operation.type));
    const record = this.find(operation.type, id, old);
    if (record === undefined) throw new Refused(`${operation.type} ${id} does not exist any more: refresh`);
    return (await this.lifecycle.update(record, this.wish(inputs, operation))).attributes;
  }

  async delete({ id, inputs, ...operation }: DeleteCall): Promise<void> {
    const record = this.find(operation.type, id, inputs);
    if (record !== undefined) await this.lifecycle.delete(record, this.wish(inputs, operation));
  }

  invoke(token: string, args: Properties): object {
    const work = this.cloud.functions[token];
    if (work === undefined) {
      throw new Refused(
        `the simulated ${this.name} has no model of the function ${token}; add one in simulator/${this.name}`,
      );
    }
    const site = this.cloud.site(this.config, args, FUNCTION);
    return work(args, site, {
      config: this.config,
      look: this.world.look(this.cloud.name, site),
      limitOf: (quota) => this.world.limitOf(quota),
    });
  }

  /** In a preview: what is asked for, and unknown what only the cloud can tell. */
  private foreseen(inputs: Properties, model: Model, type: string): Properties {
    const known: Properties = { ...model.defaults, ...visible(inputs) };
    const computed = Object.entries(this.shape(type).outputs)
      .filter(([name, property]) => !isOptional(property) && known[name] === undefined)
      .map(([name]) => [name, UNKNOWN]);
    const inside = (model.computedInside ?? []).filter((path) => valuesAt(known, path).length === 0);
    return inside.reduce((all, path) => withValueAt(all, path, UNKNOWN), {
      ...known,
      ...(Object.fromEntries(computed) as Properties),
    });
  }

  /** In a preview of an update: what is asked for now, and the rest as it was. */
  private foreseenChange(inputs: Properties, outputs: Properties, model: Model): Properties {
    const kept = (model.computedInside ?? []).flatMap((path) => valuesAt(outputs, path));
    return kept.reduce((all, { path, value }) => withValueAt(all, path, value), {
      ...outputs,
      ...visible(inputs),
    });
  }

  private find(type: string, id: string, inputs: Properties): CloudRecord | undefined {
    const site = this.cloud.site(this.config, inputs, this.lifecycle.model(type));
    return this.world.store.find(type, id, site);
  }

  private wish(inputs: Properties, operation: Operation): Wish {
    const { type, urn, name, signal } = operation;
    const enriched = this.cloud.enrich(this.config, inputs, this.shape(type));
    const site = this.cloud.site(this.config, inputs, this.lifecycle.model(type));
    return { type, urn, name, signal, site, inputs: enriched };
  }

  private shape(type: string): ResourceShape {
    const shape = this.cloud.shapes.resources[type];
    if (shape !== undefined) return shape;
    throw new Error(`no shape of ${type}: run simulator/cloud/generate.ts`);
  }
}

/** For functions, which have no model. */
const FUNCTION: Model = {
  type: "function",
  title: "function",
  seconds: { create: 0 },
  replacedBy: [],
  id: () => "",
};

function replaces(model: Model, path: string): boolean {
  return model.replacedBy === "all" || model.replacedBy.some((pattern) => isBelow(path, pattern));
}

function visible(inputs: Properties): Properties {
  const shown = { ...inputs };
  delete shown["__defaults"];
  return shown;
}

/** The inputs as the program would have to write them to get what is there. */
function found({ drift }: CloudRecord, inputs: Properties): Properties {
  return Object.entries(drift).reduce((drifted, [path, value]) => {
    const [top = ""] = path.split(/[.[]/);
    // What the program says nothing about is the cloud's affair, unless it is an input.
    return valuesAt(inputs, top).length > 0 ? withValueAt(drifted, path, value) : drifted;
  }, inputs);
}

/** SDKs send values of the provider's configuration that are no text as JSON. */
function parsed(config: Properties): Properties {
  const value = (text: unknown) => {
    if (typeof text !== "string" || !/^[[{]|^(true|false|\d+)$/.test(text)) return text;
    try {
      return JSON.parse(text) as unknown;
    } catch {
      return text;
    }
  };
  return Object.fromEntries(Object.entries(config).map(([name, text]) => [name, value(text)]));
}
