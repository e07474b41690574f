import { once } from "node:events";
import * as fs from "node:fs";
import * as path from "node:path";
import { kubeconfigOf } from "../../simulator/clusters/kubeconfig";
import type { WhileUp } from "../../simulator/rehearsal/rehearse";
import type { Output } from "../ui/output";

/** Tells how to look at what stands, and waits for Ctrl-C. */
export async function keepUp(
  out: Output,
  { directory, clouds, snapshot }: WhileUp,
  kubectl: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  const clusters = await clouds.ask("clusters");
  const file = path.join(directory, "kubeconfig");
  fs.writeFileSync(file, kubeconfigOf(clusters), { mode: 0o600 });
  const contexts = clusters.map(({ id }) => id);
  out.result(
    [
      "",
      "It is up. In another terminal:",
      `  export KUBECONFIG=${file}`,
      `  ${kubectl ?? "kubectl"} --context ${contexts[0] ?? "NAME"} get pods -A`,
      "",
      `Contexts: ${contexts.join(", ")}`,
      "Ctrl-C removes all of it.",
    ].join("\n"),
    { ok: true, kubeconfig: file, contexts, snapshot },
  );
  if (!signal.aborted) await once(signal, "abort");
  signal.throwIfAborted();
}
