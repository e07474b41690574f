import { z } from "zod";
import { parseCidr } from "../../components/cidr";

/** What a user sets to stand a network in a cluster that is there already: a mapping with `kubeconfig`. No cloud is asked. */
export const kubeconfigEnvironment = z
  .strictObject({
    kubeconfig: z
      .string()
      .min(1)
      .describe(
        "File of the kubeconfig; a relative path starts at the folder of the stack file, `~` at home.",
      ),
    context: z.string().min(1).describe("Context of the kubeconfig, e.g. kind-kind."),
    owner: z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,61}[a-z0-9]$/, "lower-case letters, digits and hyphens, 2 to 63")
      .default("local")
      .describe("Who answers for it: a label of every object. Default local."),
    podCidr: z
      .string()
      .refine((value) => parseCidr(value) !== undefined, "a CIDR block")
      .default("10.244.0.0/16")
      .describe("Addresses of the cluster's pods. Default 10.244.0.0/16, that of kind."),
    storageClass: z.string().optional().describe("Storage class of volumes. Default: that of the cluster."),
    monitored: z
      .boolean()
      .default(false)
      .describe("Whether the Prometheus operator runs there. Default false."),
    keys: z
      .strictObject({
        directory: z
          .string()
          .default("keys")
          .describe(
            "Folder of this machine that `testnet keys create` writes private keys to, never to be committed. Default keys.",
          ),
        nodePath: z
          .string()
          .startsWith("/")
          .default("/testnet-keys")
          .describe(
            "Where the nodes find that folder, e.g. by `extraMounts` of kind. Default /testnet-keys.",
          ),
      })
      .prefault({})
      .describe("Where private keys are: without a cloud there is no secret manager."),
  })
  .describe(
    "A cluster that is there already, by its kubeconfig. It takes one network, and no cloud is asked for anything.",
  );

export type KubeconfigEnvironment = z.output<typeof kubeconfigEnvironment>;
