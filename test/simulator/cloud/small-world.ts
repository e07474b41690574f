import * as path from "node:path";
import type { CheckFailure, Log, Properties } from "../../../plugin/provider";
import { Clock } from "../../../simulator/cloud/clock";
import { clouds } from "../../../simulator/cloud/clouds";
import { Faults } from "../../../simulator/cloud/faults";
import { SimulatedProvider } from "../../../simulator/cloud/provider";
import { Store } from "../../../simulator/cloud/store";
import { World } from "../../../simulator/cloud/world";
import { type ClusterOptions, openClusters } from "../../../simulator/clusters/open";
import { temporaryDirectory } from "../../support/temporary";

const SILENT: Log = { info: () => undefined, warn: () => undefined, status: () => undefined };

/** The simulated clouds in this process, driven without an engine. */
export class SmallWorld {
  readonly world: World;
  private readonly temporary = temporaryDirectory();

  constructor(
    quotas: Readonly<Record<string, number>> = {},
    clusters: Omit<ClusterOptions, "directory"> = { kind: "light" },
  ) {
    this.world = new World(
      clouds(),
      new Store(path.join(this.temporary.path, "store")),
      new Clock({ scale: Infinity, lingerMs: 0 }),
      new Faults(),
      openClusters({ ...clusters, directory: this.temporary.path }),
      quotas,
    );
  }

  /** Folder of the store. */
  get directory(): string {
    return this.temporary.path;
  }

  provider(cloud: string, config: Properties): TestProvider {
    const simulated = this.world.clouds[cloud];
    if (simulated === undefined) throw new Error(`no cloud ${cloud}`);
    const provider = new SimulatedProvider(this.world, simulated);
    provider.configure(config);
    return new TestProvider(provider);
  }

  aws(region = "us-east-1"): TestProvider {
    return this.provider("aws", { region });
  }

  gcp(region = "europe-west4"): TestProvider {
    return this.provider("gcp", { project: "example-testnets", region });
  }

  async close(): Promise<void> {
    this.world.clock.stop();
    await this.world.clusters.close();
    this.world.store.close();
    this.temporary.dispose();
  }
}

/** A resource that was made. */
export interface TestResource {
  readonly id: string;
  readonly type: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
}

export class TestProvider {
  private number = 0;

  constructor(readonly provider: SimulatedProvider) {}

  check(type: string, inputs: Properties): readonly CheckFailure[] {
    return this.checked(type, "check", inputs).failures;
  }

  /** As the engine does: checks, then creates. */
  async create(type: string, inputs: Properties, name = `r${++this.number}`): Promise<TestResource> {
    const checked = this.checked(type, name, inputs);
    const [failure] = checked.failures;
    if (failure !== undefined) throw new Error(`${failure.property ?? ""}: ${failure.reason}`);
    const kept = checked.inputs as Properties;
    const { id = "", outputs } = await this.provider.create({
      ...operation(type, name),
      inputs: kept,
      preview: false,
    });
    return { id, type, inputs: kept, outputs: outputs as Properties };
  }

  async update({ id, type, inputs, outputs }: TestResource, changed: Properties): Promise<object> {
    const call = { id, old: inputs, inputs: { ...inputs, ...changed }, outputs, preview: false };
    return this.provider.update({ ...operation(type, "r"), ...call });
  }

  async delete({ id, type, inputs, outputs }: TestResource): Promise<void> {
    await this.provider.delete({ ...operation(type, "r"), id, inputs, outputs });
  }

  exists({ id, type, inputs, outputs }: TestResource): boolean {
    return this.provider.read({ ...operation(type, "r"), id, inputs, outputs }) !== undefined;
  }

  private checked(type: string, name: string, inputs: Properties) {
    const randomSeed = Buffer.from(name);
    return this.provider.check({ ...operation(type, name), inputs, old: undefined, randomSeed });
  }
}

function operation(type: string, name: string) {
  const urn = `urn:pulumi:dev::testnet::${type}::${name}`;
  return { urn, type, name, signal: new AbortController().signal, log: SILENT };
}
