import { TestnetError } from "../../errors/problem";
import type { StackKind } from "../../stacks/kind";
import { lifetimeOf } from "../../stacks/lifetime";
import type { CommandContext } from "../context";
import { writeCreation } from "./stack-file";

/**
 * The stack with the moment of its creation, which the first `up` of a network that expires writes into its file.
 * @throws TestnetError TN1053 where its time is over
 */
export function withCreation<Found extends StackKind>(
  context: CommandContext,
  found: Found,
  now = new Date(),
): Found {
  if (found.kind === "environment") return found;
  const { directory, stack, out } = context;
  refuseExpired(stack, found, now);
  if (!writeCreation(directory, stack, found, now)) return found;
  out.say(
    `${stack} expires ${found.network.expires} from now: its creation is written into Pulumi.${stack}.yaml.`,
  );
  return { ...found, created: now.toISOString() };
}

/** @throws TestnetError TN1053 where the time of a network is over: it would be made to be removed */
export function refuseExpired(stack: string, found: StackKind, now = new Date()): void {
  if (found.kind === "environment" || found.created === undefined) return;
  const { expires } = lifetimeOf(found.network.expires, found.created);
  if (expires === null || Date.parse(expires) > now.getTime()) return;
  throw new TestnetError({
    code: "TN1053",
    at: "testnet:network.expires",
    message: `the time of ${stack} was over ${expires}`,
    given: `${found.network.expires} from ${found.created}`,
    remedy: `Give it more time: \`testnet extend ${stack} "8 hours"\`, or \`testnet keep ${stack}\`.`,
  });
}
