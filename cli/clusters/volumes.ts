import { TestnetError } from "../../errors/problem";
import { inParallel, pause } from "../observe/parallel";
import { readClusters } from "./look";
import type { ClusterNetworkView } from "./network";
import type { VolumeReading } from "./reading";
import { unusedVolumes } from "./status";

/** How long a volume may take to go: Kubernetes waits for pods that still end. */
const GONE_MS = 120_000;
const POLL_MS = 500;

/** Volumes that no daemon of the network uses. @throws TestnetError TN3010 with every cluster that does not answer */
export async function findUnusedVolumes(view: ClusterNetworkView): Promise<readonly VolumeReading[]> {
  const readings = await readClusters(view);
  const silent = readings.flatMap(({ cluster, problem }) =>
    problem === undefined ? [] : [{ code: "TN3010" as const, at: cluster, message: problem }],
  );
  if (silent.length > 0) throw new TestnetError(silent);
  return unusedVolumes(view, readings);
}

/**
 * Removes volumes and waits until they are gone. Each is looked at again right before: only one of the network, by our own
 * labels and of the era that was shown, is touched.
 * @throws TestnetError TN3013 with every volume that is still there
 */
export async function removeVolumes(
  { doors, plan }: ClusterNetworkView,
  volumes: readonly VolumeReading[],
  signal: AbortSignal,
): Promise<void> {
  const failures = await inParallel(volumes, async (volume) => {
    const door = doors.find(({ name }) => name === volume.cluster);
    if (door === undefined) return failed(volume, "there is no way into its cluster");
    const place = { namespace: plan.network, name: volume.name };
    const list = () =>
      door.ask((core) =>
        core.listNamespacedPersistentVolumeClaim({
          namespace: plan.network,
          labelSelector: `testnet/network=${plan.network},testnet/era=${volume.era}`,
          fieldSelector: `metadata.name=${volume.name}`,
        }),
      );
    try {
      if ((await list()).items.length === 0) return undefined;
      await door.ask((core) => core.deleteNamespacedPersistentVolumeClaim(place));
      const end = Date.now() + GONE_MS;
      while (Date.now() < end && !signal.aborted) {
        if ((await list()).items.length === 0) return undefined;
        await pause(POLL_MS, signal);
      }
      return failed(volume, "it is still being removed");
    } catch (error) {
      if (!(error instanceof TestnetError)) throw error;
      return failed(volume, error.problems[0]?.message ?? error.message);
    }
  });
  const problems = failures.filter((one) => one !== undefined);
  if (problems.length > 0) throw new TestnetError(problems);
}

function failed({ cluster, name }: VolumeReading, message: string) {
  return { code: "TN3013" as const, at: `${cluster}: ${name}`, message };
}
