import { TestnetError } from "../../errors/problem";
import type { CommandContext } from "../context";
import { FailureLog } from "../engine/failures";
import type { BackendReader } from "./reader";
import { EngineCommand } from "./engine-command";
import type { Deployment, StackState } from "./state";

/** Any backend that the engine knows (S3, Cloud Storage, Pulumi Cloud …): one process of the engine for each question. */
export class EngineReader implements BackendReader {
  readonly place = "the backend that the engine is logged in to";
  // The engine waits for the network most of its time.
  readonly atOnce = 8;
  private readonly engine: EngineCommand;

  constructor(
    context: CommandContext,
    private readonly signal: AbortSignal,
  ) {
    this.engine = new EngineCommand(context, signal);
  }

  async names(): Promise<string[]> {
    try {
      const stacks = JSON.parse(await this.engine.ask("stack", "ls", "--json")) as { name: string }[];
      // Of another organization they come with a path in front.
      return stacks.map(({ name }) => name.slice(name.lastIndexOf("/") + 1)).sort();
    } catch (error) {
      this.signal.throwIfAborted();
      const [problem] = new FailureLog().toError(error).problems;
      const message = problem?.message ?? "it does not answer";
      const code = problem?.code === "TN2001" ? "TN2004" : (problem?.code ?? "TN2004");
      throw new TestnetError({ code, message }, { cause: error });
    }
  }

  async read(stack: string): Promise<StackState | undefined> {
    const { engine } = this;
    const exported = JSON.parse(await engine.ask("stack", "export", "--stack", stack)) as {
      deployment?: Deployment;
    };
    const tags = JSON.parse(await engine.ask("stack", "tag", "ls", "--json", "--stack", stack)) as Record<
      string,
      string
    >;
    // Who holds a stack is told by the engine only when one tries to hold it, too.
    return { stack, deployment: exported.deployment ?? {}, tags, holders: [] };
  }
}
