import type { OutputMap } from "@pulumi/pulumi/automation";
import type { EnvironmentDocument } from "../../stacks/environment-document";
import type { EnvironmentStack } from "../../stacks/kind";
import { interruptible } from "../engine/interrupt";
import { withEngine } from "../engine/run";
import type { BeforeUpOptions } from "../preview/before-up";
import { judgedUp } from "../preview/judged-up";
import type { CommandContext } from "../context";
import { prepareEnvironment } from "./prepare";

/** Makes an environment of clusters real, or changes what differs. */
export async function upEnvironment(
  context: CommandContext,
  found: EnvironmentStack,
  options: BeforeUpOptions,
): Promise<number> {
  const { stack, out } = context;
  const { environment } = found;
  await prepareEnvironment(stack, environment);
  const started = Date.now();
  return interruptible(
    `Interrupted. \`testnet up ${stack}\` goes on, \`testnet down ${stack}\` clears.`,
    async (signal) => {
      out.say(
        out.style("bold", `testnet up ${stack}`) +
          `  ${environment.clusters.length} clusters: ${environment.clusters.map(({ region }) => region).join(", ")}`,
      );
      const { result, changes } = await withEngine(context, signal, (engine) =>
        judgedUp(context, found, engine, options, signal),
      );
      if (changes.size === 0) out.say("  nothing to change");
      tellEnd(context, documentOf(result.outputs), Date.now() - started);
      return 0;
    },
  );
}

function documentOf(outputs: OutputMap): EnvironmentDocument {
  return outputs["environment"]?.value as EnvironmentDocument;
}

function tellEnd({ stack, out }: CommandContext, document: EnvironmentDocument, elapsedMs: number): void {
  const clusters = document.clusters.map(({ name, cloud, region, endpoint }) =>
    `  ${name.padEnd(10)} ${cloud} ${region.padEnd(14)} ${endpoint}`.trimEnd(),
  );
  out.result(
    [
      "",
      `${stack} is up (${Math.round(elapsedMs / 1000)} s).`,
      ...clusters,
      "",
      `The parent of ${document.domain} must hold these records:`,
      ...document.zone.delegation.map((record) => `  ${record}`),
      "",
      `Grafana: ${document.monitoring.open}, password in the secret ${document.monitoring.passwordSecret}`,
    ].join("\n"),
    { ok: true, stack, seconds: elapsedMs / 1000, environment: document },
  );
}
