import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import * as pulumi from "@pulumi/pulumi";

/**
 * Runs components against mocks and writes down every registration as the engine would get it: with parent, provider and
 * dependencies, which the Mocks interface of Pulumi does not show. What is proved here is what the program asks for; what
 * the clouds make of it is proved by the rehearsals.
 */

export interface Registered {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly custom: boolean;
  readonly parent: Registered | undefined;
  /** URN of the provider, as the engine would resolve it: its own, else the nearest ancestor's of its package. */
  readonly provider: string | undefined;
  readonly dependencies: readonly string[];
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  readonly ignoreChanges: readonly string[];
  /** Plain inputs; secrets are replaced by SECRET. */
  readonly inputs: Readonly<Record<string, unknown>>;
}

export const SECRET = "[secret]";
const SECRET_SIGNATURE = "4dabf18193072939515e22adb298388d";

/** A request of RegisterResource, as far as it is read here. */
interface Request {
  getType(): string;
  getName(): string;
  getCustom(): boolean;
  getParent(): string;
  getProvider(): string;
  getProvidersMap(): { forEach(visit: (value: string, key: string) => void): void };
  getDependenciesList(): string[];
  getProtect(): boolean;
  getRetainondelete(): boolean;
  getIgnorechangesList(): string[];
  getObject(): { toJavaScript(): Record<string, unknown> } | undefined;
}

interface Response {
  getUrn(): string;
}

type Register = (request: Request, callback: (error: unknown, response: Response) => void) => void;

interface Monitor {
  registerResource: Register;
}

/** Values the clouds would compute, by type. Where a type is not named, nothing is computed. */
const COMPUTED: Readonly<
  Record<string, (name: string, inputs: Record<string, unknown>) => Record<string, unknown>>
> = {
  "aws:iam/role:Role": (_, { name }) => ({ arn: `arn:aws:iam::111122223333:role/${String(name)}` }),
  "aws:kms/key:Key": (name) => ({
    arn: `arn:aws:kms:us-east-1:111122223333:key/${name}`,
    keyId: `key-${name}`,
  }),
  "aws:eks/cluster:Cluster": (name, { vpcConfig, name: clusterName }) => ({
    arn: `arn:aws:eks:us-east-1:111122223333:cluster/${String(clusterName)}`,
    endpoint: `https://${name}.eks.amazonaws.com`,
    certificateAuthority: { data: "Q0E=" },
    vpcConfig: { ...(vpcConfig as object), clusterSecurityGroupId: `sg-${name}` },
  }),
  "aws:eks/nodeGroup:NodeGroup": (name) => ({
    resources: [{ autoscalingGroups: [{ name: `group-of-${name}` }] }],
  }),
  "aws:ec2/launchTemplate:LaunchTemplate": () => ({ latestVersion: 1 }),
  "aws:ec2/eip:Eip": () => ({ publicIp: "198.51.100.7", allocationId: "eipalloc-1" }),
  "aws:ecr/repository:Repository": (_, { name }) => ({
    repositoryUrl: `111122223333.dkr.ecr.us-east-1.amazonaws.com/${String(name)}`,
  }),
  "aws:route53/zone:Zone": (name) => ({ zoneId: `Z-${name}`, nameServers: ["ns-1.awsdns.org"] }),
  "aws:s3/bucket:Bucket": (_, { bucket }) => ({
    arn: `arn:aws:s3:::${String(bucket)}`,
    bucketRegionalDomainName: `${String(bucket)}.s3.us-east-1.amazonaws.com`,
  }),
  "aws:secretsmanager/secret:Secret": (_, { name }) => ({
    arn: `arn:aws:secretsmanager:us-east-1:111122223333:secret:${String(name)}-AbCdEf`,
  }),
  "gcp:container/cluster:Cluster": () => ({
    endpoint: "192.0.2.10",
    masterAuth: { clusterCaCertificate: "Q0E=" },
  }),
  "gcp:serviceaccount/account:Account": (_, { accountId, project }) => {
    const email = `${String(accountId)}@${String(project)}.iam.gserviceaccount.com`;
    return { email, member: `serviceAccount:${email}` };
  },
  "gcp:compute/address:Address": () => ({ address: "198.51.100.8" }),
  "gcp:artifactregistry/repository:Repository": (_, { repositoryId }) => ({ name: repositoryId }),
  // A registry answers with the digest of what was pushed.
  "docker:index/registryImage:RegistryImage": (_, { triggers }) => ({
    sha256Digest: (triggers as Record<string, string>)["content"],
  }),
  "docker:index/image:Image": () => ({ repoDigest: `sha256:${"c3".repeat(32)}` }),
  "testnet-local:index:ChainFiles": (_, { genesis }) => {
    const { files, runs } = genesis as { files: { path: string }[]; runs: { produces: string[] }[] };
    const paths = [...files.map(({ path }) => path), ...runs.flatMap(({ produces }) => produces)];
    const file = { sha256: "0".repeat(64), gzip: gzipSync("{}").toString("base64"), bytes: 2 };
    return { genesisTime: 1_800_000_000, files: Object.fromEntries(paths.map((path) => [path, file])) };
  },
  "gcp:dns/managedZone:ManagedZone": () => ({ nameServers: ["ns-cloud-a1.googledomains.com."] }),
};

/** What the registries have for a name. */
export function digestOf(name: string): string {
  return `sha256:${createHash("sha256").update(name).digest("hex")}`;
}

const STACK_REFERENCE = "pulumi:pulumi:StackReference";

const FUNCTIONS: Readonly<Record<string, (inputs: Record<string, unknown>) => Record<string, unknown>>> = {
  "aws:index/getCallerIdentity:getCallerIdentity": () => ({
    accountId: "111122223333",
    arn: "arn:aws:sts::111122223333:assumed-role/deployer/session",
  }),
  "aws:iam/getSessionContext:getSessionContext": () => ({
    issuerArn: "arn:aws:iam::111122223333:role/deployer",
  }),
  "aws:index/getAvailabilityZones:getAvailabilityZones": () => ({
    names: ["a", "b", "c", "d"].map((letter) => `zone-${letter}`),
  }),
  "aws:servicequotas/getServiceQuota:getServiceQuota": ({ quotaCode }) => ({
    quotaName: `quota ${String(quotaCode)}`,
    value: quotaCode === "L-1194D53C" ? 100 : 5, // what a new account has
  }),
  "gcp:organizations/getProject:getProject": () => ({ number: "444455556666" }),
  // What a tag means follows from its name; the registry that nobody has does not answer.
  "docker:index/getRegistryImage:getRegistryImage": ({ name }) => {
    if (!text(name).startsWith("registry.example.org/")) return { sha256Digest: digestOf(text(name)) };
    // The SDK hands on what gRPC calls the details of an error, and nothing else.
    const details =
      "1 error occurred:\n\t* Got error when attempting to fetch image version a:1 from registry: no such host\n\n";
    throw Object.assign(new Error(details), { details });
  },
};

/** A function that was asked. */
export interface Call {
  readonly token: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

export interface Registrations {
  readonly resources: readonly Registered[];
  readonly calls: readonly Call[];
  readonly outputs: Readonly<Record<string, unknown>>;
  /** Names of outputs that are secret. */
  readonly secretOutputs: readonly string[];
}

/**
 * Registers what `build` makes, in a stack of its own, and returns every resource in the order they came.
 * @param others outputs of other stacks, by name
 */
export async function registrations(
  build: () => unknown,
  stack = "test",
  others: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {},
): Promise<Registrations> {
  const calls: Call[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }: pulumi.runtime.MockResourceArgs) => ({
        id: `${name}-id`,
        state: {
          ...(inputs as object),
          ...COMPUTED[type]?.(name, inputs as Record<string, unknown>),
          ...(type === STACK_REFERENCE && { outputs: others[name] ?? {}, secretOutputNames: [] }),
        },
      }),
      call: ({ token, inputs }) => {
        const answer = FUNCTIONS[token];
        if (answer === undefined) throw new Error(`unknown function ${token}`);
        calls.push({ token, inputs: inputs as Record<string, unknown> });
        return answer(inputs as Record<string, unknown>);
      },
    },
    "testnet",
    stack,
    false,
    "organization",
  );
  const seen = recordRegistrations();
  const made = (await build()) ?? {};
  const outputs = (await resolved(pulumi.output(made))) as Record<string, unknown>;
  const secretOutputs: string[] = [];
  for (const [name, value] of Object.entries(made)) {
    if (pulumi.Output.isInstance(value) && (await pulumi.isSecret(value))) secretOutputs.push(name);
  }
  await allRegistered();
  return { resources: seen, calls, outputs, secretOutputs };
}

/** Waits for every registration. The SDK has the function, and no type for it. */
function allRegistered(): Promise<void> {
  return (pulumi.runtime as unknown as { waitForRPCs(): Promise<void> }).waitForRPCs();
}

function resolved<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => output.apply(resolve));
}

/** Wraps the monitor of the mocks. */
function recordRegistrations(): Registered[] {
  const seen: Registered[] = [];
  const byUrn = new Map<string, Registered>();
  const providers = new Map<string, ReadonlyMap<string, string>>();
  const monitor = pulumi.runtime.getMonitor() as unknown as Monitor;
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, callback) => {
    register(request, (error, response) => {
      const resource = registered(request, response.getUrn(), byUrn, providers);
      seen.push(resource);
      byUrn.set(resource.urn, resource);
      callback(error, response);
    });
  };
  return seen;
}

function registered(
  request: Request,
  urn: string,
  byUrn: ReadonlyMap<string, Registered>,
  providers: Map<string, ReadonlyMap<string, string>>,
): Registered {
  const type = request.getType();
  const own = new Map<string, string>();
  request.getProvidersMap().forEach((value, key) => own.set(key, value));
  providers.set(urn, own);
  const parent = byUrn.get(request.getParent());
  return {
    urn,
    type,
    name: request.getName(),
    custom: request.getCustom(),
    parent,
    provider: request.getProvider() || inherited(type.split(":")[0] ?? "", parent, providers),
    dependencies: request.getDependenciesList(),
    protect: request.getProtect(),
    retainOnDelete: request.getRetainondelete(),
    ignoreChanges: request.getIgnorechangesList(),
    inputs: plain(request.getObject()?.toJavaScript() ?? {}) as Record<string, unknown>,
  };
}

function inherited(
  pkg: string,
  from: Registered | undefined,
  providers: ReadonlyMap<string, ReadonlyMap<string, string>>,
): string | undefined {
  for (let ancestor = from; ancestor !== undefined; ancestor = ancestor.parent) {
    const provider = providers.get(ancestor.urn)?.get(pkg);
    if (provider !== undefined) return provider;
  }
  return undefined;
}

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  if (SECRET_SIGNATURE in value) return SECRET;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, plain(child)]));
}

/** What stands at a path of an input; undefined where there is nothing. */
export function at(value: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce<unknown>(
    (inner, key) =>
      typeof inner === "object" && inner !== null ? (inner as Record<string, unknown>)[key] : undefined,
    value,
  );
}

export function list(value: unknown): unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

export function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
