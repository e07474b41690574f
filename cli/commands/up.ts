import * as fs from "node:fs";
import { NetworkHome } from "../../components/local/home";
import { mnemonicFile } from "../../keys/make";
import { loadStackConfig } from "../../stacks/config/file";
import { kindOf } from "../../stacks/kind";
import { type LocalPlan, planLocal } from "../../stacks/placement";
import { interruptible } from "../engine/interrupt";
import { withEngine, withProgress } from "../engine/run";
import { prepareTools } from "../engine/tools";
import type { CommandContext } from "../context";
import { withCreation } from "../expiry/creation";
import { verifyAndReport } from "../observe/verify-report";
import type { BeforeUpOptions } from "../preview/before-up";

export interface UpOptions extends BeforeUpOptions {
  /** False with --no-wait. */
  readonly wait: boolean;
}

/**
 * Brings a network up, mends what died in it, and waits until it is verified; or makes an environment real. A second run
 * changes nothing.
 */
export async function run(context: CommandContext, options: UpOptions): Promise<number> {
  const { directory, home, stack } = context;
  const found = withCreation(context, kindOf(loadStackConfig(directory, stack)));
  switch (found.kind) {
    case "environment": {
      const { upEnvironment } = require("../environment/up") as typeof import("../environment/up");
      return upEnvironment(context, found, options);
    }
    case "cluster network": {
      const { upNetwork } = require("../network/up") as typeof import("../network/up");
      return upNetwork(context, found, options);
    }
    case "local network":
      return upLocal(context, () => planLocal(home, stack, found.network), options);
  }
}

/** @param planNow the plan as the records of this machine stand */
async function upLocal(
  context: CommandContext,
  planNow: () => LocalPlan,
  options: UpOptions,
): Promise<number> {
  const { home, stack, out } = context;
  const started = Date.now();
  const { plan } = planNow();

  return interruptible(
    `Interrupted. \`testnet up ${stack}\` goes on, \`testnet down ${stack}\` clears.`,
    async (signal) => {
      await prepareTools(plan, context, signal);
      out.say(
        out.style("bold", `testnet up ${stack}`) + `  ${plan.protocol}, ${plan.daemons.length} daemons`,
      );
      const { changes, local, fresh } = await withEngine(context, signal, async ({ stack: engine }) => {
        const local = planNow(); // a run that was waited for may have begun another era
        const fresh = mnemonics(home, local).every((file) => !fs.existsSync(file));
        const done = await withProgress(context, signal, (options) =>
          engine.up({ ...options, refresh: true }),
        );
        return { ...done, local, fresh };
      });
      if (changes.size === 0) out.say("  nothing to change");
      if (fresh) tellMnemonics(context, local);
      const ok = !options.wait || (await verifyAndReport(context, local.plan, signal));
      tellEnd(context, local, Date.now() - started);
      return ok ? 0 : 1;
    },
  );
}

function mnemonics(home: string, { plan }: LocalPlan): string[] {
  const era = new NetworkHome(home, plan.network).era(plan.era);
  return plan.keys.filter((key) => key.kind === "accounts").map((key) => mnemonicFile(era.secrets, key.name));
}

/** The one time the mnemonic is shown; afterwards it is in its file only. */
function tellMnemonics({ home, out }: CommandContext, local: LocalPlan): void {
  for (const file of mnemonics(home, local)) {
    if (!fs.existsSync(file)) continue;
    out.say("");
    out.say("  The funded accounts' mnemonic, shown once and kept in");
    out.say(`  ${file}`);
    out.say(`    ${out.style("yellow", fs.readFileSync(file, "utf8").trim())}`);
  }
}

/** What runs where, and what to type next. */
function tellEnd({ stack, out }: CommandContext, { plan }: LocalPlan, elapsedMs: number): void {
  const lines = plan.endpoints.map(
    ({ title, url, daemon }) => `  ${title.padEnd(12)} ${url}  ${out.style("dim", daemon)}`,
  );
  const next = [
    [`npx testnet status ${stack}`, "what runs, and how the chain stands"],
    [`npx testnet logs ${plan.daemons[0]?.name ?? "DAEMON"} ${stack} -f`, "a daemon's log"],
    [`npx testnet down ${stack} --keep-data`, "stop; `up` resumes the chain"],
    [`npx testnet down ${stack}`, "remove everything"],
  ] as const;
  out.result(
    [
      "",
      `${stack} is up (${(elapsedMs / 1000).toFixed(1)} s).`,
      ...lines,
      "",
      "Next:",
      ...next.map(([command, what]) => `  ${command.padEnd(44)} ${what}`),
    ].join("\n"),
    { ok: true, stack, era: plan.era, seconds: elapsedMs / 1000, endpoints: plan.endpoints },
  );
}
