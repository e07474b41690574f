/** A cluster asked for by the simulated cloud when it creates an EKS or GKE cluster. */
export interface ClusterRequest {
  /** `cloud/region/name`: unique in a rehearsal. */
  readonly id: string;
  /** Kubernetes version asked for, as the cloud names it, for instance `1.36`. */
  readonly version: string;
  readonly serviceCidr: string;
  readonly podCidr: string;
}

/** How a client reaches a cluster. */
export interface ClusterAccess {
  /** `https://127.0.0.1:PORT`, or `http://127.0.0.1:PORT/ID` for a light cluster. */
  readonly endpoint: string;
  /** Certificate authority of the endpoint, PEM. */
  readonly caPem: string;
  /** Bearer token of the administrator. */
  readonly token: string;
}

/** A taint of a node. */
export interface NodeTaint {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
}

/** A machine of a node pool, as the cloud would start it. */
export interface SimulatedNode {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly NodeTaint[];
  readonly zone: string;
  readonly region: string;
  readonly externalIp: string;
  readonly internalIp: string;
  readonly providerId: string;
  readonly cpu: number;
  readonly memoryGiB: number;
  /** Most pods on this node. */
  readonly pods: number;
}

/** The clusters behind the simulated clouds: real API servers, or none (`light`). */
export interface Clusters {
  /** Whether pods run in them, as far as simulated ones do. */
  readonly runsPods: boolean;
  /** Starts a cluster and waits until it answers. Asking again for the same id returns the same cluster. */
  create(request: ClusterRequest): Promise<ClusterAccess>;
  access(id: string): Promise<ClusterAccess | undefined>;
  /** Ends a cluster and removes what it stored. Removing what is not there is no error. */
  remove(id: string): Promise<void>;
  /** Makes `nodes` the whole set of a pool: adds the missing, removes the others. */
  setNodes(id: string, pool: string, nodes: readonly SimulatedNode[]): Promise<void>;
  /**
   * Makes `addons` the whole set that the cloud itself runs in the cluster, by the cloud's own names, for instance
   * `aws-secrets-store-csi-driver-provider`. One that brings kinds of its own (SecretProviderClass) makes them known.
   */
  setAddons(id: string, addons: readonly string[]): Promise<void>;
  /** Makes the API server of a cluster unreachable: every connection fails. What it stores stays. */
  cut(id: string): Promise<void>;
  /** Makes it reachable again, at the same address, and waits until it answers. */
  restore(id: string): Promise<void>;
  /** Ends everything, at the end of a rehearsal. */
  close(): Promise<void>;
}
