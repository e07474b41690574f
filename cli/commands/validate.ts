import { loadStackConfig } from "../../stacks/config/file";
import type { ClusterEnvironment } from "../../stacks/config/environment";
import { kindOf } from "../../stacks/kind";
import { planLocal } from "../../stacks/placement";
import { planStack } from "../../stacks/plan-stack";
import type { CommandContext } from "../context";

/** Checks a stack's configuration and what comes of it: a network's plan, an environment's resources. Creates nothing. */
export async function run(context: CommandContext): Promise<number> {
  const { directory, home, stack, out } = context;
  const found = kindOf(loadStackConfig(directory, stack));
  if (found.kind === "environment") return validateEnvironment(context, found.environment);
  const { plan } =
    found.kind === "local network"
      ? planLocal(home, stack, found.network)
      : planStack(directory, stack, found);
  out.result(`${stack} is valid: ${plan.daemons.length} daemons of ${plan.protocol}`, {
    ok: true,
    stack,
    protocol: plan.protocol,
    daemons: plan.daemons.length,
  });
  return 0;
}

async function validateEnvironment(
  { stack, out }: CommandContext,
  environment: ClusterEnvironment,
): Promise<number> {
  const { buildOffline } = require("../offline/build") as typeof import("../offline/build");
  const resources = await buildOffline({ stack, environment });
  const counts = Object.entries(resources).map(([from, count]) => `${from} ${count}`);
  out.result(
    `${stack} is valid: ${environment.clusters.length} clusters, resources: ${counts.join(", ")}; ` +
      `objects checked against Kubernetes ${environment.kubernetes}`,
    { ok: true, stack, clusters: environment.clusters.length, resources, kubernetes: environment.kubernetes },
  );
  return 0;
}
