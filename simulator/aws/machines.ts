/** Machine types of AWS that a testnet may use: families with their memory per vCPU, and the sizes each has. */
const GIB_PER_CPU: Readonly<Record<string, number>> = {
  ...{ c5: 2, c5a: 2, c6a: 2, c6i: 2, c7a: 2, c7i: 2, c8i: 2, c6g: 2, c7g: 2, c8g: 2 },
  ...{ m5: 4, m5a: 4, m6a: 4, m6i: 4, m7a: 4, m7i: 4, m8i: 4, m6g: 4, m7g: 4, m8g: 4 },
  ...{ r5: 8, r5a: 8, r6a: 8, r6i: 8, r7a: 8, r7i: 8, r8i: 8, r6g: 8, r7g: 8, r8g: 8 },
};

const CPUS: Readonly<Record<string, number>> = {
  ...{ large: 2, xlarge: 4, "2xlarge": 8, "4xlarge": 16, "8xlarge": 32, "12xlarge": 48, "16xlarge": 64 },
  ...{ "24xlarge": 96, "32xlarge": 128, "48xlarge": 192 },
};

const BURSTABLE: Readonly<Record<string, readonly [cpus: number, gib: number]>> = {
  ...{ micro: [2, 1], small: [2, 2], medium: [2, 4], large: [2, 8], xlarge: [4, 16], "2xlarge": [8, 32] },
};

export interface Machine {
  readonly cpus: number;
  readonly memoryGiB: number;
  readonly arm: boolean;
}

export function machineOf(type: string): Machine | undefined {
  const [family = "", size = ""] = type.split(".");
  const arm = /^[a-z]+\d+g/.test(family);
  if (/^t(3|3a|4g)$/.test(family)) {
    const found = BURSTABLE[size];
    return found && { cpus: found[0], memoryGiB: found[1], arm };
  }
  const perCpu = GIB_PER_CPU[family];
  const cpus = CPUS[size];
  if (perCpu === undefined || cpus === undefined || cpus > largest(family)) return undefined;
  return { cpus, memoryGiB: cpus * perCpu, arm };
}

/** Families differ in how large they come. */
function largest(family: string): number {
  if (/^[cmr]5/.test(family)) return 96;
  if (/^[cmr][678]g$/.test(family)) return family.includes("8") ? 192 : 64;
  if (/^[cmr]6i$/.test(family)) return 128;
  return 192;
}
