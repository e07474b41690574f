import { HELPER_IMAGES } from "../components/kubernetes/network/releases";
import { pinnedImages } from "../components/images/pinned";
import { passwordWriterImage } from "../components/clouds";
import type { NetworkSettings } from "../protocols/network";
import type { NetworkPlan } from "../protocols/plan";
import type { ClusterEnvironment } from "./config/environment";
import type { Site } from "./site";

/** What stands in a pod for an image of the plan. */
export type ImageOf = (reference: string) => string;

/** The name of the provider that asks registries. */
const READER = "registries";

/** Images stay as they are written. */
const asWritten: ImageOf = (reference) => reference;

/**
 * The images of a network, by digest unless its settings say otherwise. On a bare kubeconfig they are left alone, as they
 * may be on its nodes only.
 * @throws TestnetError TN2021
 */
export async function networkImages(
  plan: NetworkPlan,
  settings: NetworkSettings,
  { registries }: Pick<Site, "registries">,
): Promise<ImageOf> {
  if (!(settings.pinImages ?? registries !== undefined)) return asWritten;
  const pinned = await pinnedImages(READER, {
    references: referencesOf(plan),
    privateHosts: registries ?? [],
    writtenAt: (reference) => keyOf(reference, settings, "testnet:network"),
  });
  return (reference) => {
    const found = pinned.get(reference);
    if (found === undefined) throw new Error(`nobody asked for the digest of ${reference}`);
    return found;
  };
}

/** Images of everything that runs in its pods. */
function referencesOf({ daemons, clusters }: NetworkPlan): string[] {
  return [
    ...daemons.flatMap(({ workload }) => workload?.image.reference ?? []),
    ...(clusters?.services ?? []).map(({ image }) => image.reference),
    ...Object.values(HELPER_IMAGES),
  ];
}

/** The images of an environment that are no chart's. @throws TestnetError TN2021 */
export async function environmentImages({
  clusters,
  monitoring,
  pinImages,
}: ClusterEnvironment): Promise<ImageOf> {
  const central = clusters.find(({ name }) => name === monitoring.cluster);
  if (!pinImages || central === undefined) return asWritten;
  const references = [passwordWriterImage(central.cloud)];
  const pinned = await pinnedImages(READER, { references, privateHosts: [], writtenAt: () => undefined });
  return (reference) => pinned.get(reference) ?? reference;
}

/** The first key that holds a value, as a person would write its path. */
function keyOf(value: string, within: unknown, path: string): string | undefined {
  if (within === value) return path;
  if (typeof within !== "object" || within === null) return undefined;
  for (const [key, inner] of Object.entries(within)) {
    const found = keyOf(value, inner, Array.isArray(within) ? `${path}[${key}]` : `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}
