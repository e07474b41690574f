import {
  type ClusterPlan,
  type Endpoint,
  isOpen,
  type NetworkPlan,
  type Port,
  type PublicDoor,
  type Service,
  type Workload,
} from "./plan";

/** What the world calls by a name, at an address that stays: record, address, way in and ports all come from here. */
export interface Entrance {
  /** Of a daemon, or of a service. */
  readonly pod: string;
  readonly cluster: string;
  /** Name of its DNS A record below the network's domain, e.g. `seed-1`, `rpc`. */
  readonly label: string;
  readonly ports: readonly Port[];
}

/** The entrance of a service, with how it is called there. */
export interface ServiceEntrance extends Entrance {
  readonly door: PublicDoor;
}

/** All entrances of a network: those of seeds, then those of public services. Pure. */
export function entrancesOf({ clusters }: Pick<NetworkPlan, "clusters">): Entrance[] {
  if (clusters === undefined) return [];
  return [
    ...clusters.seeds.map(({ daemon, ...seed }) => ({ pod: daemon, ...seed })),
    ...publicServices(clusters),
  ];
}

/** Services that users of the world reach. Pure. */
export function publicServices({ services }: Pick<ClusterPlan, "services">): ServiceEntrance[] {
  return services.flatMap(({ name, cluster, ports, door }: Service) =>
    door === undefined ? [] : [{ pod: name, cluster, label: door.label, ports: ports.filter(isOpen), door }],
  );
}

/** What users connect to from outside; none without a domain. Pure. */
export function publicEndpoints(
  clusters: Pick<ClusterPlan, "services">,
  domain: string | undefined,
): Endpoint[] {
  if (domain === undefined) return [];
  return publicServices(clusters).map((service) => {
    const { pod, label, door } = service;
    return { daemon: pod, title: `${door.title}, public`, url: publicUrl(`${label}.${domain}`, service) };
  });
}

/** The machines a service may run on: what the world reaches must be where daemons are. */
export function serviceNodes({ door }: Service): Workload["nodes"] {
  return door === undefined ? {} : { peers: true, spot: false };
}

/** Where users call a service, at its name or its address. There is no TLS. */
export function publicUrl(host: string, { door, ports }: Pick<ServiceEntrance, "door" | "ports">): string {
  return `http://${host}:${ports[0]?.number ?? ""}${door.path}`;
}
