import type { MachineFacts } from "./facts";

/** Every x86-64 machine of the families we list is newer than Haswell, the first with all of these. */
const FEATURES = { x86_64: ["avx", "avx2", "bmi2"], arm64: [] } as const;

/** Machines of one family: sizes by number of CPUs, memory by CPU. */
export function machines(
  family: string,
  architecture: MachineFacts["architecture"],
  memoryPerCpu: number,
  sizes: Readonly<Record<string, number>>,
  separator = ".",
): [string, MachineFacts][] {
  return Object.entries(sizes).map(([size, cpus]) => [
    `${family}${separator}${size}`,
    { cpus, memoryGiB: cpus * memoryPerCpu, architecture, features: FEATURES[architecture] },
  ]);
}
