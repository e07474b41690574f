/** Machine types of GCP that a testnet may use. */
export interface Machine {
  readonly cpus: number;
  readonly memoryGiB: number;
  /** The quota its processors count towards. */
  readonly quota: string;
}

/** GiB per vCPU by family and kind. */
const KINDS: Readonly<Record<string, number>> = { standard: 4, highmem: 8, highcpu: 1 };

const SIZES: Readonly<Record<string, readonly number[]>> = {
  n1: [1, 2, 4, 8, 16, 32, 64, 96],
  n2: [2, 4, 8, 16, 32, 48, 64, 80, 96, 128],
  n2d: [2, 4, 8, 16, 32, 48, 64, 80, 96, 128, 224],
  n4: [2, 4, 8, 16, 32, 48, 64, 80],
  e2: [2, 4, 8, 16, 32],
  c2d: [2, 4, 8, 16, 32, 56, 112],
  c3: [4, 8, 22, 44, 88, 176],
  c3d: [4, 8, 16, 30, 60, 90, 180, 360],
  c4: [2, 4, 8, 16, 24, 32, 48, 96, 144, 192],
  c4d: [2, 4, 8, 16, 32, 48, 64, 96, 192, 384],
  t2d: [1, 2, 4, 8, 16, 32, 48, 60],
};

const SHARED: Readonly<Record<string, readonly [cpus: number, gib: number]>> = {
  "e2-micro": [2, 1],
  "e2-small": [2, 2],
  "e2-medium": [2, 4],
};

export function machineOf(type: string): Machine | undefined {
  const shared = SHARED[type];
  if (shared !== undefined) return { cpus: shared[0], memoryGiB: shared[1], quota: "CPUS" };
  const [family = "", kind = "", size = ""] = type.split("-");
  const cpus = Number(size);
  const perCpu = KINDS[kind];
  if (perCpu === undefined || !(SIZES[family] ?? []).includes(cpus)) return undefined;
  if (family === "t2d" && kind !== "standard") return undefined;
  const quota = ["n1", "e2"].includes(family) ? "CPUS" : `${family.toUpperCase()}_CPUS`;
  const memory = kind === "highcpu" && /^(c2d|c3|c3d|c4|c4d)$/.test(family) ? 2 : perCpu;
  return { cpus, memoryGiB: cpus * memory, quota };
}

/** The quotas of processors. */
export const CPU_QUOTAS: readonly string[] = [
  "CPUS",
  ...Object.keys(SIZES)
    .filter((family) => !["n1", "e2"].includes(family))
    .map((family) => `${family.toUpperCase()}_CPUS`),
];
