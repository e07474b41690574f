import * as fs from "node:fs";
import { keyringFile } from "../../keys/keyring";
import type { CloudClient } from "../../simulator/cloud/client";
import { environmentDocument } from "../../stacks/environment-document";
import { type CloudAccount, groundOfDocument } from "../../stacks/ground";
import type { KeyStore } from "../keys/store";
import { cloudStore } from "../keys/targets";
import { outputsOf, type StackState } from "../list/state";

/**
 * The secret managers that may hold keys of a network: those of every cluster of its environment, as that one's stack
 * tells. None where it cannot be known.
 */
export function keyStoresOf(
  network: string,
  environment: StackState | undefined,
  clouds?: CloudClient,
): readonly KeyStore[] {
  const accounts = environment === undefined ? [] : accountsOf(environment);
  const stores = accounts.map((account) => cloudStore(account, { network, stack: network }, clouds));
  return stores.filter((store, index) => stores.findIndex(({ place }) => place === store.place) === index);
}

/** Where the clusters of an environment are. */
export function accountsOf(environment: StackState): readonly CloudAccount[] {
  const document = environmentDocument.safeParse(outputsOf(environment)["environment"]);
  if (!document.success) return [];
  return groundOfDocument(document.data).clusters.flatMap(({ account }) => account ?? []);
}

/**
 * Removes the keys of a network for good, and its keyring, which would promise keys that are no more.
 * @returns how many secrets there were
 * @throws TestnetError TN2014
 */
export async function removeKeys(
  directory: string,
  network: string,
  stores: readonly KeyStore[],
  signal?: AbortSignal,
): Promise<number> {
  let removed = 0;
  for (const store of stores) {
    for (const name of await store.list()) {
      signal?.throwIfAborted();
      await store.delete(name);
      removed += 1;
    }
  }
  if (stores.length > 0) fs.rmSync(keyringFile(directory, network), { force: true });
  return removed;
}
