/** What a protocol needs to know of the place a network is planned for. */
export type Placement = LocalPlacement | ClusterPlacement;

/** Processes of this machine. */
export interface LocalPlacement {
  readonly target: "local";
  /** The stack's name. */
  readonly network: string;
  /** The address daemons bind and advertise. */
  readonly host: string;
  /** The only addresses peers may have, as CIDR. */
  readonly peersWithin: string;
  /** Whether daemons search for peers beyond those they are told of. */
  readonly discovery: boolean;
  /** First port of the network. */
  readonly portsFrom: number;
  /** Number of the chain. */
  readonly era: number;
  /** Whether all daemons may stand still for hours or days, as on a laptop; the chain's penalties then allow for it. */
  readonly mayPause: boolean;
}

/** Pods of the clusters of an environment. */
export interface ClusterPlacement {
  readonly target: "kubernetes";
  /** The stack's name, which is the namespace's in every cluster. */
  readonly network: string;
  /** Number of the chain. */
  readonly era: number;
  /** First port that peers reach. */
  readonly portsFrom: number;
  /** Public DNS name below which the network's names lie, e.g. `prod-testnet.testnets.example.org`; undefined without one. */
  readonly domain: string | undefined;
  /** In the order of the environment. */
  readonly clusters: readonly ClusterGround[];
}

/** What a protocol may know of a cluster. */
export interface ClusterGround {
  readonly name: string;
  readonly region: string;
  /** Addresses of its pods, as CIDR. */
  readonly podCidr: string;
  readonly nodePools: readonly NodePoolGround[];
}

/** Machines of one kind. */
export interface NodePoolGround {
  readonly name: string;
  /** Machine type of the cloud; undefined where it is not known. */
  readonly machine: string | undefined;
  /** Whether peers of the world reach them. */
  readonly peers: boolean;
  readonly spot: boolean;
  readonly cpus: number | undefined;
  readonly memoryGiB: number | undefined;
  readonly architecture: "x86_64" | "arm64";
  /** Extensions of the processor that clients may need. */
  readonly features: readonly ("avx" | "avx2" | "bmi2")[];
}
