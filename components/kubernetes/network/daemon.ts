import type { Problem } from "../../../errors/problem";
import {
  type Daemon,
  type Image,
  isOpen,
  type PlannedFile,
  type Port,
  type ReadinessProbe,
  type Resources,
} from "../../../protocols/plan";
import { shortHash } from "../../naming";
import { type KnownValues, Texts } from "./texts";
import type { ContainerValues, PortValues } from "./values";

/** What a daemon is rendered with. */
export interface RenderContext extends KnownValues {
  /** Where an image is pulled from, by its reference in the plan. */
  readonly image: (reference: string) => string;
}

/** What runs in one container: a daemon of the plan, or a service. */
export interface Runnable {
  readonly name: string;
  readonly role: string;
  readonly image: Image;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly files: readonly PlannedFile[];
  readonly ports: readonly Port[];
  readonly readiness: ReadinessProbe | undefined;
  readonly resources: Resources;
  readonly storageGiB: number;
  /** Keys of which a second user would do harm. */
  readonly leases: readonly string[];
}

/** A container, and what its pod must bring it. */
export interface RenderedContainer {
  readonly values: ContainerValues;
  readonly needs: Texts;
  readonly problems: readonly Problem[];
}

/** The environment variable that carries files to the pod must stay below 128 KiB, the kernel's limit. */
const LARGEST_FILES = 96 * 1024;

const LONGEST_PORT_NAME = 15;
const DEFAULT_STARTUP_SECONDS = 300;

/** The container of a daemon of the plan. Pure. */
export function renderDaemon(daemon: Daemon, context: RenderContext): RenderedContainer {
  const { workload } = daemon;
  if (workload === undefined) throw new Error(`daemon ${daemon.name} has no workload`);
  return renderContainer({ ...daemon, ...workload }, context);
}

/** The container of whatever runs. Pure. */
export function renderContainer(one: Runnable, context: RenderContext): RenderedContainer {
  const texts = new Texts(one.name, context);
  const command = [...one.image.command, ...one.args].map((word) => texts.text(word));
  const environment = Object.entries(one.env).map(([name, value]) => ({
    name,
    value: texts.environment(value),
  }));
  const files = one.files.map(({ path, content }) => ({ path, content: texts.text(content) }));
  const values: ContainerValues = {
    name: one.name,
    role: one.role,
    image: context.image(one.image.reference),
    command,
    env: environment.filter(({ value }) => !holdsSecret(value)),
    secretEnv: environment.filter(({ value }) => holdsSecret(value)),
    ...(one.image.user !== undefined && { user: { ...one.image.user } }),
    home: one.image.home,
    ports: portsOf(one.ports),
    ...probeOf(one),
    resources: {
      cpuMilli: one.resources.cpuMilli,
      memoryMiB: one.resources.memoryMiB,
      memoryLimitMiB: one.resources.memoryLimitMiB,
    },
    leased: one.leases.length > 0,
    storageGiB: one.storageGiB,
    shared: texts.usesShared,
    secrets: [...texts.secrets].sort(),
    files,
  };
  return { values, needs: texts, problems: [...texts.problems, ...sizeProblems(one.name, files)] };
}

/** Ports by protocol, under the names that containers and Services give them. Those of the pod alone have none. */
function portsOf(ports: readonly Port[]): PortValues[] {
  return ports
    .filter(({ exposure }) => exposure !== "pod")
    .flatMap((port) =>
      port.transports.map((transport, index) => ({
        // The first one has the plan's name, so that `metrics` is found by it.
        name: portName(index === 0 ? port.name : `${port.name}-${transport}`),
        number: port.number,
        protocol: transport === "tcp" ? ("TCP" as const) : ("UDP" as const),
        public: isOpen(port),
      })),
    );
}

function portName(name: string): string {
  if (name.length <= LONGEST_PORT_NAME) return name;
  const hash = shortHash(name).slice(0, 4);
  return `${name.slice(0, LONGEST_PORT_NAME - hash.length - 1).replace(/-+$/, "")}-${hash}`;
}

function holdsSecret(value: string): boolean {
  return value.includes("{{secret-value ");
}

function probeOf({ name, ports, readiness }: Runnable): Pick<ContainerValues, "probe" | "startupSeconds"> {
  if (readiness === undefined) return { startupSeconds: DEFAULT_STARTUP_SECONDS };
  const startupSeconds = Math.max(1, Math.ceil(readiness.timeoutSeconds));
  if (readiness.kind === "running") return { startupSeconds };
  const port = ports.find((one) => one.name === readiness.port);
  if (port === undefined) throw new Error(`daemon ${name} has no port named ${readiness.port}`);
  const { number, exposure } = port;
  if (exposure === "pod") return { probe: { kind: "loopback", port: number }, startupSeconds };
  return {
    probe: isPlainQuestion(readiness)
      ? { kind: "http", port: number, path: readiness.path }
      : { kind: "tcp", port: number },
    startupSeconds,
  };
}

/** A kubelet sends no body, and takes 200 to 399 for a yes: other questions become "does it listen". */
function isPlainQuestion(probe: ReadinessProbe): probe is Extract<ReadinessProbe, { kind: "http" }> {
  if (probe.kind !== "http" || probe.body !== undefined) return false;
  return probe.statuses.every((status) => status >= 200 && status < 400);
}

function sizeProblems(name: string, files: readonly PlannedFile[]): Problem[] {
  const bytes = files.reduce((sum, { content }) => sum + Buffer.byteLength(content), 0);
  if (bytes <= LARGEST_FILES) return [];
  return [
    {
      code: "TN2018",
      at: name,
      message: "the files of its own are too large for a pod's description",
      given: bytes,
      allowed: `up to ${LARGEST_FILES} bytes`,
    },
  ];
}
