import * as fs from "node:fs";
import * as path from "node:path";
import type { CloudClient } from "../cloud/client";
import { countKeys } from "../clusters/etcd-keys";
import { clustersDirectory } from "../clusters/open";
import { startedProcesses } from "../clusters/processes";
import { readRemovals } from "../clusters/removals";
import { isAlive } from "./run-directory";
import type { StateResource } from "./critical-path";

/** What `destroy` left, while the simulated clouds still answer. Each entry is for a person. */
export async function leftInClouds(
  clouds: CloudClient,
  directory: string,
  state: readonly StateResource[],
): Promise<string[]> {
  const resources = await clouds.ask("resources");
  const clusters = await clouds.ask("clusters");
  const own = clustersDirectory(directory);
  const etcd = path.join(own, "etcd.sock");
  const keys = fs.existsSync(etcd) ? await countKeys(etcd, "/") : 0;
  return [
    ...resources.map(({ cloud, type, site, name }) => `${cloud} ${site.region}: ${type} ${name}`),
    ...clusters.map(({ id }) => `cluster ${id} runs`),
    ...readRemovals(own).flatMap(({ id, leftovers }) => leftovers.map((what) => `cluster ${id}: ${what}`)),
    ...(keys === 0 ? [] : [`${keys} keys of removed clusters in etcd`]),
    ...state.map(({ urn }) => `in the engine's state: ${urn}`),
  ];
}

/** Processes of the clusters that live on after the simulated clouds ended. */
export function livingProcesses(started: readonly { name: string; pid: number }[]): string[] {
  return started.filter(({ pid }) => isAlive(pid)).map(({ name, pid }) => `process ${pid} (${name})`);
}

/** Every process the clusters of a run ever had. */
export function processesOf(directory: string): { name: string; pid: number }[] {
  return startedProcesses(path.join(clustersDirectory(directory), "logs"));
}
