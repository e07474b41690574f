import type * as compute from "@pulumi/gcp/compute";
import * as container from "@pulumi/gcp/container";
import type * as pulumi from "@pulumi/pulumi";
import { TestnetComponent } from "../component";
import type { ClusterArgs } from "../contracts";
import { physicalName } from "../naming";
import { SECONDARY_RANGES } from "./network";
import { NODE_SECURITY } from "./node-pool";

export interface GkeControlPlaneArgs extends ClusterArgs {
  /** Name of the cluster in its environment. */
  readonly name: string;
  readonly project: string;
  readonly region: string;
  readonly zones: readonly string[];
  readonly network: compute.Network;
  readonly subnetwork: compute.Subnetwork;
  readonly nodeAccount: pulumi.Input<string>;
}

/** The smallest machine GKE takes, for the pool every cluster begins with and that is removed at once. */
const FIRST_MACHINE = "e2-medium";
const FIRST_DISK_GIB = 20;

/** A regional GKE control plane. */
export class GkeControlPlane extends TestnetComponent {
  readonly cluster: container.Cluster;

  constructor(name: string, args: GkeControlPlaneArgs, opts?: pulumi.ComponentResourceOptions) {
    super("testnet:gcp:ControlPlane", name, args.identity, opts);
    this.cluster = new container.Cluster(
      name,
      {
        name: physicalName("gkeCluster", args.identity.stack, args.name),
        description: this.description,
        project: args.project,
        location: args.region,
        nodeLocations: [...args.zones],
        releaseChannel: { channel: "REGULAR" },
        minMasterVersion: args.version,
        deletionProtection: args.identity.protect,
        ...this.networking(args),
        ...this.guards(args),
        ...this.firstPool(args),
        addonsConfig: {
          gcePersistentDiskCsiDriverConfig: { enabled: true },
          httpLoadBalancing: { disabled: false },
        },
        secretManagerConfig: { enabled: true },
        // Prometheus of ours collects everything else.
        loggingConfig: { enableComponents: ["SYSTEM_COMPONENTS"] },
        monitoringConfig: {
          enableComponents: ["SYSTEM_COMPONENTS"],
          managedPrometheus: { enabled: false },
        },
        costManagementConfig: { enabled: true },
        resourceLabels: this.tags,
      },
      this.statefulChild({ ignoreChanges: ["nodeConfig", "initialNodeCount"] }),
    );
    this.registerOutputs({});
  }

  private networking({ network, subnetwork }: GkeControlPlaneArgs) {
    return {
      network: network.id,
      subnetwork: subnetwork.id,
      networkingMode: "VPC_NATIVE",
      ipAllocationPolicy: {
        clusterSecondaryRangeName: SECONDARY_RANGES.pods,
        servicesSecondaryRangeName: SECONDARY_RANGES.services,
      },
      // Dataplane V2: network policies are enforced.
      datapathProvider: "ADVANCED_DATAPATH",
    };
  }

  private guards({ project, apiAccess }: GkeControlPlaneArgs) {
    return {
      enableShieldedNodes: true,
      enableLegacyAbac: false,
      workloadIdentityConfig: { workloadPool: `${project}.svc.id.goog` },
      masterAuth: { clientCertificateConfig: { issueClientCertificate: false } },
      masterAuthorizedNetworksConfig: {
        cidrBlocks: apiAccess.map((cidrBlock) => ({ cidrBlock })),
        gcpPublicCidrsAccessEnabled: false,
      },
    };
  }

  private firstPool({ nodeAccount }: GkeControlPlaneArgs) {
    return {
      removeDefaultNodePool: true,
      initialNodeCount: 1,
      nodeConfig: {
        ...NODE_SECURITY,
        machineType: FIRST_MACHINE,
        diskSizeGb: FIRST_DISK_GIB,
        diskType: "pd-balanced",
        serviceAccount: nodeAccount,
      },
    };
  }
}
