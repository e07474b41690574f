import { type Rehearsal, rehearse } from "../../../simulator/rehearsal/rehearse";
import { makeRunDirectory } from "../../../simulator/rehearsal/run-directory";
import { resolveTools } from "../../../tools/resolve";

/** Rehearses a stack `net` of a test's own with light clusters, below a folder that is the test's to remove. */
export async function rehearseLight(
  home: string,
  more: Partial<Rehearsal> & Pick<Rehearsal, "program">,
): ReturnType<typeof rehearse> {
  const tools = await resolveTools(["pulumi", "helm"]);
  return rehearse({
    stack: "net",
    project: { name: "testnet", runtime: "nodejs" },
    config: {},
    directory: makeRunDirectory(home, "net"),
    programs: { pulumi: tools.pulumi.path, helm: tools.helm.path },
    charts: undefined,
    clusters: "light",
    quotas: {},
    fail: undefined,
    parallel: 16,
    signal: new AbortController().signal,
    onProgress: () => undefined,
    onPhase: () => undefined,
    ...more,
  });
}
