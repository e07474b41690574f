import { z } from "zod";

/**
 * Values of the chart charts/daemon: one pool of a network in one cluster. The chart's values.schema.json is generated
 * from this, so that Helm itself refuses what is none of it.
 */

const label = z.string().regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/);
const texts = z.record(z.string(), z.string());
const portNumber = z.int().min(1).max(65_535);

const port = z
  .strictObject({
    name: label.max(15).describe("Unique in the container."),
    number: portNumber,
    protocol: z.enum(["TCP", "UDP"]),
    public: z.boolean().describe("Whether the world reaches it: it is then a port of the machine, too."),
  })
  .describe("One listening port of one protocol. Bound, advertised and published by the same number.");

const probe = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("tcp"), port: portNumber }),
  z.strictObject({ kind: z.literal("http"), port: portNumber, path: z.string() }),
  z
    .strictObject({ kind: z.literal("loopback"), port: portNumber })
    .describe("Asked from within the container."),
]);

const namedText = z.strictObject({ name: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), value: z.string() });
const user = z.strictObject({ uid: z.int().min(1), gid: z.int().min(1) });

const container = z.strictObject({
  name: label.max(63),
  role: label,
  image: z.string(),
  command: z.array(z.string()).describe("The program and its arguments; may hold markers of `lookups`."),
  env: z.array(namedText).describe("May hold markers of `lookups`."),
  user: user.optional().describe("Whom it runs as; root where it is left out."),
  home: z.string().describe("What $HOME says, and may be written to."),
  ports: z.array(port),
  probe: probe.optional(),
  startupSeconds: z.int().min(1).describe("How long it may take until the probe answers for the first time."),
  resources: z.strictObject({
    cpuMilli: z.int().min(1),
    memoryMiB: z.int().min(1),
    memoryLimitMiB: z.int().min(1),
  }),
  leased: z.boolean().describe("Whether it runs only while the pod holds its leases."),
  storageGiB: z.int().min(0).describe("Size of the volume at /data; 0 for one that goes with the pod."),
  shared: z.boolean().describe("Whether it reads the files at /shared."),
  secrets: z
    .array(z.string())
    .describe("Files, or directories of files, of the bundle that are put below /keys."),
  secretEnv: z.array(namedText).describe("Environment whose values hold `{{secret-value NAME}}`."),
  files: z
    .array(z.strictObject({ path: z.string(), content: z.string() }))
    .describe("Written below /data before it starts; may hold markers of `lookups`."),
});

const lookup = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("given"), marker: z.string(), address: z.string() }),
  z.strictObject({
    kind: z.literal("node"),
    marker: z.string(),
    internal: z.boolean().describe("Whether the machine's inner address will do where it has no public one."),
  }),
  z.strictObject({ kind: z.literal("name"), marker: z.string(), host: z.string() }),
]);

const service = z.strictObject({
  name: label.max(63),
  kind: z
    .enum(["headless", "cluster-ip", "load-balancer"])
    .describe("`headless`: a name for the pod itself. Others: an address that stays."),
  ports: z.array(port),
  loadBalancer: z
    .strictObject({
      annotations: texts,
      loadBalancerIP: z.string(),
      loadBalancerClass: z.string().optional(),
    })
    .optional(),
});

const bundle = z.strictObject({
  name: z.string().describe("What the secret is called in the words of an error."),
  providerClass: z.strictObject({ provider: z.string(), parameters: texts }).optional(),
  volume: z.record(z.string(), z.unknown()).describe("Source of the pod's volume that holds bundle.json."),
});

const keeper = z.strictObject({
  port: portNumber.describe("Where it tells, inside the cluster, whether all leases are held."),
  leases: z.array(z.string().max(253)).min(1).describe("Names of the Leases that the pod must hold to run."),
});

const pod = z.strictObject({
  name: label.max(63),
  kind: z.enum(["one", "many"]).describe("`one`: never two at once. `many`: interchangeable ones."),
  replicas: z.int().min(0),
  role: label,
  nodeSelector: texts,
  graceSeconds: z.int().min(0).describe("From SIGTERM to SIGKILL."),
  group: z.int().min(1).optional().describe("Group that its volumes belong to."),
  keysVersion: z
    .string()
    .describe("Changes with the pod's keys, and so starts it again; empty without keys."),
  lookups: z.array(lookup).describe("Texts that are replaced by an address when the pod starts."),
  bundle: bundle.optional(),
  keeper: keeper.optional(),
  containers: z.array(container).min(1),
  services: z.array(service),
  clients: z
    .array(label)
    .describe("Pools that alone reach ports which are not public; empty for the network."),
  metricsPorts: z.array(portNumber).describe("Ports that the monitoring namespace reads."),
});

const sharedFile = z
  .strictObject({
    path: z.string().describe("Below /shared."),
    sha256: z.string().describe("Of the file, uncompressed."),
    key: z.string().optional().describe("Key in the ConfigMap `configMap`, which holds it gzipped."),
    url: z.string().optional().describe("Where it is, gzipped."),
  })
  .describe("Exactly one of `key` and `url`.");

export const daemonValues = z.strictObject({
  network: label.max(63).describe("The namespace, too."),
  era: z.int().min(1).describe("Number of the chain; a part of the names of volumes."),
  cluster: z.string(),
  pool: label.max(63),
  spread: z
    .enum(["hard", "soft", "none"])
    .describe("Whether pods of the pool must, should or need not be apart."),
  labels: texts.describe("On every object."),
  monitoringNamespace: label,
  storageClass: z.string().optional().describe("Default: the cluster's own."),
  images: z.strictObject({
    shell: z.string().describe("Has a static /bin/busybox."),
    node: z.string().describe("Has Node.js 22."),
  }),
  lease: z.strictObject({
    durationSeconds: z.int().min(1).describe("After so long without renewal another pod may take it."),
    deadlineSeconds: z.int().min(1).describe("After so long without renewal its holder stops."),
    renewSeconds: z.int().min(1),
  }),
  shared: z.strictObject({ configMap: z.string().optional(), files: z.array(sharedFile) }),
  pods: z.array(pod).min(1),
});

export type DaemonValues = z.infer<typeof daemonValues>;
export type PodValues = z.infer<typeof pod>;
export type ContainerValues = z.infer<typeof container>;
export type PortValues = z.infer<typeof port>;
export type ServiceValues = z.infer<typeof service>;
export type LookupValues = z.infer<typeof lookup>;
export type SharedFileValues = z.infer<typeof sharedFile>;
export type BundleValues = z.infer<typeof bundle>;

/** The chart's values.schema.json. Helm's own draft is 7. */
export function daemonValuesSchema(): object {
  return { ...z.toJSONSchema(daemonValues, { target: "draft-7" }), title: "Values of the chart daemon" };
}
