import type { MachineFacts } from "./catalog";

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
    { cpus, memoryGiB: cpus * memoryPerCpu, architecture },
  ]);
}
