import { CloudError, type Seen, type ServiceBalancers } from "../cloud/model";
import type { World } from "../cloud/world";
import { type KubeClient, isMissing, MERGE } from "../kube/client";
import { annotationsOf, namespaceOf, type Service } from "./kube-objects";
import { Warnings } from "./warnings";

/** Keeps a Service until its load balancer is gone. */
const FINALIZER = "service.kubernetes.io/load-balancer-cleanup";

/** Load balancers that a cloud makes of Services: each gets the reserved address it asks for, or stays pending. */
export class Services {
  private readonly warnings: Warnings;

  constructor(
    private readonly world: World,
    private readonly client: KubeClient,
    private readonly id: string,
  ) {
    this.warnings = new Warnings(client, "service-controller");
  }

  async attend(service: Service, cluster: Seen): Promise<void> {
    const balancers = this.world.cloudOf(cluster.record).balancers;
    if (service.spec.type !== "LoadBalancer" || balancers === undefined) return;
    if (service.metadata["deletionTimestamp"] !== undefined) {
      releaseServices(this.world, (name) => name === this.nameOf(service));
      await this.setFinalizers(service, (all) => all.filter((one) => one !== FINALIZER));
    } else if ((service.status?.loadBalancer?.ingress ?? []).length === 0) {
      await this.serve(service, cluster, balancers);
    }
  }

  private async serve(service: Service, cluster: Seen, balancers: ServiceBalancers): Promise<void> {
    const { loadBalancerIP, loadBalancerClass, ports = [] } = service.spec;
    const asked = {
      loadBalancerIP,
      loadBalancerClass,
      annotations: annotationsOf(service),
      protocols: ports.map(({ protocol = "TCP" }) => protocol),
    };
    let address: Seen;
    try {
      address = balancers.addressOf(asked, this.nameOf(service), cluster);
    } catch (error) {
      if (!(error instanceof CloudError)) throw error;
      const words = `Error syncing load balancer: failed to ensure load balancer: ${error.message}`;
      await this.warnings.say(service, "SyncLoadBalancerFailed", words);
      return;
    }
    const { record } = address;
    const facts = { ...record.facts, [balancers.servedFact]: this.nameOf(service) };
    this.world.store.put({ ...record, facts });
    const isThere = await this.setFinalizers(service, (all) => [...new Set([...all, FINALIZER])]);
    if (!isThere) releaseServices(this.world, (name) => name === this.nameOf(service));
    const ingress = [{ ip: address.attributes["address"], ipMode: "VIP" }];
    await this.patch(service, "/status", { status: { loadBalancer: { ingress } } });
  }

  private setFinalizers(service: Service, change: (all: string[]) => string[]): Promise<boolean> {
    const finalizers = (service.metadata["finalizers"] ?? []) as string[];
    return this.patch(service, "", { metadata: { finalizers: change(finalizers) } });
  }

  /** Whether it is still there. */
  private async patch(service: Service, below: string, body: object): Promise<boolean> {
    const path = `/api/v1/namespaces/${namespaceOf(service)}/services/${service.metadata.name}${below}`;
    try {
      await this.client.request({ method: "PATCH", path, body, contentType: MERGE });
      return true;
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
  }

  private nameOf(service: Service): string {
    return `${this.id}/${namespaceOf(service)}/${service.metadata.name}`;
  }
}

/** Frees the addresses of Services by their names, `CLUSTER/NAMESPACE/NAME`. */
export function releaseServices(world: World, isGone: (name: string) => boolean): void {
  for (const record of world.store.all()) {
    const fact = world.cloudOf(record).balancers?.servedFact;
    const name = fact === undefined ? undefined : record.facts[fact];
    if (fact === undefined || typeof name !== "string" || !isGone(name)) continue;
    const facts = Object.fromEntries(Object.entries(record.facts).filter(([key]) => key !== fact));
    world.store.put({ ...record, facts });
  }
}
