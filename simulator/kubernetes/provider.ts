import {
  type CheckCall,
  type Checked,
  type Created,
  type CreateCall,
  type CheckFailure,
  type DeleteCall,
  type Diff,
  type DiffCall,
  type Found,
  type Properties,
  type Provider,
  type ReadCall,
  Refused,
  type ResourceCall,
  type UpdateCall,
} from "../../plugin/provider";
import { KubeUnreachable } from "../kube/client";
import { Cluster } from "./cluster";
import { endpointOf } from "./kubeconfig";
import { Objects } from "./objects";
import { Releases } from "./releases";
import type { KubernetesSettings } from "./settings";
import type { WorkClock } from "./work-clock";

const RELEASE = "kubernetes:helm.sh/v3:Release";

/** Types of the SDK that are no single object of the API. */
const NOT_MODELLED = /^kubernetes:(yaml|kustomize|helm\.sh)|(Patch|List)$/;

/** The simulated `kubernetes` provider: its objects go to a real API server on this machine. */
export class KubernetesProvider implements Provider {
  readonly name = "kubernetes";
  private options: Properties = {};
  private connected: Promise<Cluster> | undefined;
  private readonly releases: Releases;

  constructor(
    readonly version: string,
    settings: KubernetesSettings,
    private readonly clock: WorkClock,
  ) {
    this.releases = new Releases(() => this.cluster(), settings);
  }

  checkConfig(inputs: Properties): CheckFailure[] {
    if (inputs["kubeconfig"] !== undefined) return [];
    // Without it the real provider takes whatever cluster the user's own kubectl talks to.
    return [
      { property: "kubeconfig", reason: "a rehearsal needs a provider with a `kubeconfig` of its own" },
    ];
  }

  configure(inputs: Properties): void {
    this.options = inputs;
    this.connected = undefined;
  }

  check(call: CheckCall): Checked {
    return this.modelOf(call).check(call);
  }

  diff(call: DiffCall): Diff {
    return this.modelOf(call).diff(call);
  }

  create(call: CreateCall): Promise<Created> {
    const work = () => reaching(() => this.modelOf(call).create(call));
    return call.preview ? work() : this.clock.during("create", call, work);
  }

  read(call: ReadCall): Promise<Found | undefined> {
    return reaching(() => this.modelOf(call).read(call));
  }

  update(call: UpdateCall): Promise<object> {
    const work = () => reaching(() => this.modelOf(call).update(call));
    return call.preview ? work() : this.clock.during("update", call, work);
  }

  delete(call: DeleteCall): Promise<void> {
    return this.clock.during("delete", call, () => reaching(() => this.modelOf(call).delete(call)));
  }

  invoke(token: string): never {
    throw new Refused(`the simulated kubernetes provider does not model the function ${token}`);
  }

  private modelOf({ type }: ResourceCall): Objects | Releases {
    this.clock.touch();
    if (type === RELEASE) return this.releases;
    if (NOT_MODELLED.test(type)) {
      throw new Refused(`the simulated kubernetes provider does not model the type ${type}`);
    }
    return new Objects(() => this.cluster(), this.options);
  }

  /** Connects when it is first needed: a token costs a process. */
  private async cluster(): Promise<Cluster> {
    const { kubeconfig, context } = this.options;
    this.connected ??= endpointOf(String(kubeconfig), typeof context === "string" ? context : undefined).then(
      (endpoint) => new Cluster(endpoint),
    );
    return this.connected;
  }
}

/** In the real provider's words, where the API server does not answer. */
async function reaching<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof KubeUnreachable)) throw error;
    throw new Refused(`configured Kubernetes cluster is unreachable: ${error.message}`);
  }
}
