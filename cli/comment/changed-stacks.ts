import type { CloudName } from "../../components/contracts";
import { CATALOG } from "../../stacks/catalog/catalog";

/** A stack file of the repository, as far as it decides which changes concern the stack. */
export interface KnownStack {
  readonly name: string;
  /** The stack of the environment it stands on. */
  readonly environment?: string;
  /** Clouds of its clusters; undefined where the file is broken or nobody can tell. */
  readonly clouds?: readonly CloudName[];
  /** Of a network. */
  readonly protocol?: string;
}

/** Folders and files that every stack is made of. */
const PROGRAM =
  /^(index\.ts|Pulumi\.yaml|package\.json|package-lock\.json|(stacks|errors|keys|manifests|plugin|policy|components)\/)/;

/** Of those, what no stack in clusters is made of. */
const THIS_MACHINE = "components/local/";

/** What networks in clusters are made of, and environments are not. */
const NETWORKS = /^(protocols|charts|services)\//;

/**
 * The stacks that a change concerns: those whose file or keyring changed, those that stand on one of them, and those
 * whose code changed. A doubt is settled by naming the stack: a preview too many costs minutes, one too few a surprise. Pure.
 * @param files paths in the repository, with slashes
 * @param stacks stacks in clusters, in the order of the answer; those of this machine are previewed by running them
 */
export function changedStacks(files: readonly string[], stacks: readonly KnownStack[]): string[] {
  const direct = new Set(stacks.filter((stack) => files.some((file) => concerns(file, stack))).map(nameOf));
  return stacks
    .filter(
      ({ name, environment }) => direct.has(name) || (environment !== undefined && direct.has(environment)),
    )
    .map(nameOf);
}

function concerns(file: string, stack: KnownStack): boolean {
  if (file === `Pulumi.${stack.name}.yaml` || file === `keyrings/${stack.name}.json`) return true;
  if (file.startsWith(THIS_MACHINE)) return false;
  if (PROGRAM.test(file)) return isOfItsClouds(file, stack);
  return NETWORKS.test(file) && stack.protocol !== undefined && isOfItsProtocol(file, stack.protocol);
}

/** Each cloud has a folder of its name below components/; what lies elsewhere is of all. */
function isOfItsClouds(file: string, { clouds }: KnownStack): boolean {
  const folder = /^components\/([^/]+)\//.exec(file)?.[1];
  if (folder === undefined || clouds === undefined || !Object.hasOwn(CATALOG, folder)) return true;
  return clouds.some((cloud) => cloud === folder);
}

/** Each protocol has a folder of its name below protocols/; what lies elsewhere is of all. */
function isOfItsProtocol(file: string, protocol: string): boolean {
  const folder = /^protocols\/([^/]+)\//.exec(file)?.[1];
  return folder === undefined || folder === protocol;
}

function nameOf({ name }: KnownStack): string {
  return name;
}
