import type { Output } from "../ui/output";
import { table } from "../ui/table";
import { roughTime } from "../expiry/duration";
import type { ListedStack } from "./listed";

/** All stacks for people: one line each. */
export function listText(stacks: readonly ListedStack[], now: Date, out: Pick<Output, "style">): string {
  if (stacks.length === 0) return "No stacks yet. `testnet new NAME` makes a network.";
  const rows = stacks.map((stack) => [
    stack.stack,
    stack.kind === "network" ? (stack.protocol ?? "network") : stack.kind,
    stack.environment ?? "",
    stack.owner ?? "",
    stack.created === undefined ? "" : roughTime((now.getTime() - Date.parse(stack.created)) / 1000),
    leftText(stack, now, out),
    stack.dailyUsd === undefined ? "" : `$${stack.dailyUsd.toFixed(2)}`,
    healthText(stack),
  ]);
  const head = ["STACK", "KIND", "ENVIRONMENT", "OWNER", "AGE", "TIME LEFT", "A DAY", "HEALTH"];
  return table(head, rows);
}

function leftText(
  { expires, kept, kind, ...rest }: ListedStack,
  now: Date,
  out: Pick<Output, "style">,
): string {
  if (kind === "empty") return "";
  if (kept) return rest.protected ? "kept, protected" : "kept";
  if (expires === undefined) return "not known";
  const seconds = (Date.parse(expires) - now.getTime()) / 1000;
  if (seconds <= 0) return out.style("red", `expired ${roughTime(seconds)} ago`);
  return roughTime(seconds);
}

function healthText({ health, heldBy, daemons }: ListedStack): string {
  if (heldBy !== undefined) {
    return `changed by ${heldBy.who} since ${heldBy.since.slice(0, 16).replace("T", " ")}`;
  }
  if (daemons !== undefined) return `${daemons.running} of ${daemons.all} daemons run`;
  return health;
}
