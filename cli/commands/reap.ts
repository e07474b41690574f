import { formatProblems, type Problem } from "../../errors/problem";
import type { CommandContext } from "../context";
import { interruptible } from "../engine/interrupt";
import { type Judged, judge, knownNames, reapExpired, warn } from "../reap/run";
import { deleteOrphans, findOrphans } from "../reap/orphans/find";
import { inventoriesOf } from "../reap/orphans/places";
import { confirmByName } from "../ui/confirm";
import { table } from "../ui/table";

export interface ReapOptions {
  readonly dryRun?: boolean;
  readonly warn?: boolean;
  readonly webhook?: string;
  readonly orphans?: boolean;
  readonly yes?: boolean;
}

/** Removes networks whose time is over and warns of those that end soon; with --orphans, what no stack owns. */
export async function run(context: CommandContext, options: ReapOptions): Promise<number> {
  return interruptible("Interrupted. `testnet reap` goes on.", async (signal) => {
    const judged = await judge(context, signal);
    return options.orphans === true
      ? reapOrphans(context, judged, options, signal)
      : reapNetworks(context, judged, options, signal);
  });
}

async function reapNetworks(
  context: CommandContext,
  judged: Judged,
  options: ReapOptions,
  signal: AbortSignal,
): Promise<number> {
  const { out } = context;
  const { decisions } = judged;
  const acting = decisions.filter(({ action }) => action !== "keep");
  const dry = options.dryRun === true;
  const warnings = dry ? [] : await warn(context, judged, webhookOf(options), signal);
  const results = dry || options.warn === true ? [] : await reapExpired(context, judged, signal);
  const problems: Problem[] = [...judged.problems, ...warnings, ...results].flatMap((one) =>
    "problems" in one ? one.problems : [one],
  );
  const rows = acting.map(({ stack, action, reason }) => {
    const result = results.find((one) => one.stack === stack)?.result;
    return [stack, result ?? (action === "reap" ? "to remove" : "ends soon"), reason];
  });
  const words = rows.length === 0 ? "Nothing has expired." : table(["STACK", "WHAT", "WHY"], rows);
  const ok = problems.length === 0;
  out.result(words, { ok, dryRun: dry, decisions, results, warnings, problems });
  if (!ok) out.say(formatProblems(problems));
  return ok ? 0 : 1;
}

async function reapOrphans(
  context: CommandContext,
  judged: Judged,
  options: ReapOptions,
  signal: AbortSignal,
): Promise<number> {
  const { out } = context;
  const inventories = inventoriesOf(judged.states);
  if (inventories.length === 0) {
    out.say("The backend knows no environment of clusters: there is no cloud to search.");
  } else out.say(`Searching ${inventories.length} places …`);
  const names = knownNames(context, judged);
  const { orphans, problems } = await findOrphans(inventories, { names }, new Date());
  const resources = orphans.map(({ resource }) => resource);
  const rows = resources.map(({ tags, kind, cloud, region, id, deletable }) => [
    tags["testnet-stack"] ?? "",
    kind,
    `${cloud} ${region}`,
    deletable ? id : `${id} (left to people)`,
  ]);
  const deletable = resources.filter((resource) => resource.deletable);
  const deleted: string[] = [];
  const refused: Problem[] = [];
  if (deletable.length > 0 && options.dryRun !== true) {
    out.say(table(["STACK", "WHAT", "WHERE", "ID"], rows));
    await confirmByName(
      `Delete these ${deletable.length} orphans for good? The name is "orphans".`,
      "orphans",
      options.yes === true,
    );
    refused.push(...(await deleteOrphans(orphans, ({ id }) => deleted.push(id), signal)));
  }
  const all = [...judged.problems, ...problems, ...refused];
  const words =
    deleted.length > 0
      ? `${deleted.length} of ${resources.length} orphans deleted`
      : rows.length === 0
        ? "No orphans."
        : table(["STACK", "WHAT", "WHERE", "ID"], rows);
  out.result(words, { ok: all.length === 0, orphans: resources, deleted, problems: all });
  if (all.length > 0) out.say(formatProblems(all));
  return all.length === 0 ? 0 : 1;
}

function webhookOf({ webhook }: ReapOptions): string | undefined {
  return webhook ?? process.env["TESTNET_WEBHOOK_URL"];
}
