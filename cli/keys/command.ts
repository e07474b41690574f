import * as path from "node:path";
import { TestnetError } from "../../errors/problem";
import { keyringFile } from "../../keys/keyring";
import { loadStackConfig } from "../../stacks/config/file";
import { kindOf } from "../../stacks/kind";
import { planStack } from "../../stacks/plan-stack";
import type { CommandContext } from "../context";
import { requireCredentials } from "../environment/prepare";
import type { KeyWork } from "./manage";
import { keyTargets } from "./targets";

/**
 * The keys of a stack, from its stack file and that of its environment alone.
 * @throws TestnetError TN1013 where the stack is no network of clusters, TN2006 where credentials of a cloud are missing
 */
export function keyWorkOf({ directory, stack, out }: CommandContext): KeyWork {
  const found = kindOf(loadStackConfig(directory, stack));
  if (found.kind !== "cluster network") {
    throw new TestnetError({
      code: "TN1013",
      at: "testnet:environment",
      message:
        found.kind === "local network"
          ? "keys of a network on this machine are made by `testnet up` and stay on this machine"
          : "this stack is an environment of clusters: it has no daemons, and so no keys",
      given: stack,
      allowed: "a network in clusters",
      remedy: "Name the stack of a network in clusters.",
    });
  }
  const { plan, ground } = planStack(directory, stack, found);
  const { environment } = found;
  const clouds = ground.clusters.flatMap(({ account }) => (account === undefined ? [] : [account.cloud]));
  requireCredentials([...new Set(clouds)]);
  const folder = typeof environment === "string" ? "keys" : environment.keys.directory;
  return {
    targets: keyTargets(plan, ground, { keysDirectory: path.resolve(directory, folder) }),
    file: keyringFile(directory, stack),
    onWritten: (name, place, how) => out.say(`  ${how.padEnd(8)} ${name}  in ${place}`),
  };
}
