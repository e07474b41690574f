import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { type CommandContext, commandContext } from "./context";
import { exitCodeOf, reportError } from "./ui/errors";
import { version } from "../package.json";

/**
 * `testnet`: one command, one file under commands/. Nothing heavy is imported here: `--help` and mistakes on the command
 * line must answer at once, so each command loads its module when it runs.
 */
export async function main(argv: readonly string[]): Promise<number> {
  const program = build();
  try {
    await program.parseAsync([...argv], { from: "user" });
    return typeof process.exitCode === "number" ? process.exitCode : 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    reportError(error, argv.includes("--json"));
    return exitCodeOf(error);
  }
}

/** What a command module exports. The number is the exit status. */
export interface CommandModule<Options> {
  run(context: CommandContext, options: Options): Promise<number>;
}

/** The whole command line. */
export function build(): Command {
  const program = new Command("testnet")
    .description("Blockchain test networks: on this machine and in the clouds, from one file.")
    .version(version)
    .option("-C, --directory <dir>", "folder of the Pulumi.<stack>.yaml files (default: the program's own)")
    .showHelpAfterError("(see `testnet --help`)")
    .exitOverride();
  deployCommands(program.commandsGroup("Deploy:"));
  lookCommands(program.commandsGroup("Look at what runs:"));
  foresightCommands(program.commandsGroup("Know before:"));
  selfServiceCommands(program.commandsGroup("Networks of one's own:"));
  keysCommands(program.commandsGroup("Keys, and joining:"));
  machineCommands(program.commandsGroup("This machine, and CI:"));
  return program;
}

/** Of the commands that change a stack. */
const WAIT_FOR_LOCK = [
  "--wait-for-lock <time>",
  "how long to wait for another run that holds the stack, such as `10 minutes`",
] as const;

function deployCommands(program: Command): void {
  command(program, "up [stack]", "bring a stack up, or mend what died in it", "up")
    .option("--no-wait", "do not wait until the network is verified")
    .option("--allow-over-budget", "go on where a budget is exceeded")
    .option(...WAIT_FOR_LOCK)
    .option("-y, --yes", "ask nothing");
  command(program, "preview [stack]", "show what `up` would change, and what it costs", "preview").option(
    "--allow-over-budget",
    "go on where a budget is exceeded",
  );
  command(program, "down [stack]", "remove a stack", "down")
    .option("--keep-data", "stop the daemons in order and keep chain and keys; `up` resumes")
    .option("--confirm <name>", "name of a protected network, in place of typing it")
    .option(...WAIT_FOR_LOCK)
    .option("-y, --yes", "ask nothing");
  command(program, "pause [stack]", "stop all daemons; volumes, addresses, names and keys stay", "pause")
    .option(...WAIT_FOR_LOCK)
    .option("-y, --yes", "ask nothing");
  command(program, "resume [stack]", "start the daemons of a paused network again", "resume")
    .option("--no-wait", "do not wait until the network is verified")
    .option(...WAIT_FOR_LOCK)
    .option("-y, --yes", "ask nothing");
  command(
    program,
    "reset [stack]",
    "start a fresh chain: new genesis and data, same names and ports",
    "reset",
  )
    .option("--no-wait", "do not wait until the network is verified")
    .option("--old-volumes", "no fresh chain: only remove the volumes that no daemon uses any more")
    .option("--keep-volumes", "leave the volumes of the chain that ends")
    .option("--confirm <name>", "name of a protected network, in place of typing it")
    .option(...WAIT_FOR_LOCK)
    .option("-y, --yes", "ask nothing");
}

function lookCommands(program: Command): void {
  command(program, "status [stack]", "what runs where, and how the chain stands", "status")
    .option("-w, --watch", "keep showing, until Ctrl-C")
    .addOption(
      new Option("--interval <seconds>", "seconds between two looks").default(2).argParser(positiveNumber),
    );
  command(program, "verify [stack]", "judge whether the network works", "verify").addOption(
    new Option("--timeout <seconds>", "how long checks may take to come true").argParser(positiveNumber),
  );
  command(program, "peers [stack]", "the connected peers of every daemon that is asked for them", "peers");
  command(program, "logs <daemon> [stack]", "a daemon's log", "logs")
    .option("-f, --follow", "go on as the log grows, until Ctrl-C")
    .addOption(
      new Option("-n, --lines <count>", "how many lines from the end").default(50).argParser(wholeNumber),
    );
  command(
    program,
    "diagnose [stack]",
    "gather status, heads, peers, events and logs in one place",
    "diagnose",
  )
    .option("-o, --output <path>", "directory, or file ending in .tar.gz (default: STACK-diagnosis)")
    .addOption(
      new Option("-n, --lines <count>", "lines from the end of every log")
        .default(500)
        .argParser(wholeNumber),
    );
}

function foresightCommands(program: Command): void {
  command(program, "validate [stack]", "check the configuration, create nothing", "validate");
  command(program, "plan [stack]", "everything the network is made of, without an engine", "plan").option(
    "--args",
    "show the arguments of every daemon of a network of clusters",
  );
  command(
    program,
    "graph [stack]",
    "draw a stack: clusters, pools, daemons, who dials whom",
    "graph",
  ).addOption(
    new Option("--format <format>", "language of the drawing").choices(["mermaid", "dot"]).default("mermaid"),
  );
  command(program, "cost [stack]", "what a stack costs by line, from its file and a table of prices", "cost");
  command(
    program,
    "rehearse <stack>",
    "deploy a stack into simulated clouds on this machine, and remove it again",
    "rehearse",
  )
    .option("--keep", "leave everything up, until Ctrl-C")
    .addOption(
      new Option("--fail <n>", "the n-th create of the clouds fails; a second `up` must mend it").argParser(
        positiveNumber,
      ),
    )
    .option("--charts <dir>", "install the Helm charts of this folder instead of stand-ins")
    .option("--new-account", "no more of any quota than a new account has");
}

/** Networks of one's own: made, looked over, given more time, removed when it is over. */
function selfServiceCommands(program: Command): void {
  command(program, "new [name]", "write the stack file of a network of your own, and make its keys", "new")
    .option("--protocol <name>", "mina or ethereum")
    .option("--environment <name>", "stack of the environment it stands on, or `local` for this machine")
    .option("--kubeconfig <file>", "in place of an environment: the way into a cluster that is there already")
    .option("--context <name>", "context of that kubeconfig")
    .option("--size <size>", "small, medium or large (default: small)")
    .option("--expires <time>", "how long it is needed, such as `8 hours`, or never")
    .option("--from <stack>", "take the settings of this stack file")
    .option("--owner <name>", "who answers for it (default: you)")
    .addOption(
      new Option(
        "--image <name=reference>",
        "an image of your own, such as geth=ghcr.io/you/geth:pr-7; as often as need be",
      ).argParser<readonly string[] | undefined>((value, earlier) => [...(earlier ?? []), value]),
    )
    .option("--no-keys", "make no keys now");
  command(program, "list", "all stacks of the backend: owner, age, time left, cost, health", "list");
  command(program, "extend <stack> <time...>", "give a network more time, such as `4 hours`", "extend");
  command(program, "keep <stack>", "keep a network for good", "keep");
  command(program, "reap", "remove the networks whose time is over", "reap")
    .option("--dry-run", "show what would be removed, remove nothing")
    .option("--warn", "warn of networks that end soon, remove nothing")
    .option("--webhook <url>", "where warnings go (default: TESTNET_WEBHOOK_URL)")
    .option("--orphans", "find tagged cloud resources that no stack owns, in every region")
    .option("-y, --yes", "ask nothing");
}

/** Keys of networks in clusters. Those of local networks are made by `up`. */
function keysCommands(program: Command): void {
  const keys = program.command("keys").description("the private keys of a network's daemons");
  command(keys, "create <stack>", "make the keys a network lacks; what is there stays", "keys-create");
  command(keys, "list <stack>", "what is in the secret managers, without the values", "keys-list");
  command(keys, "rotate <stack> <pod>", "replace the keys of a pod by others", "keys-rotate").option(
    "--force",
    "also keys that stand in the genesis: a fresh chain must follow",
  );
  command(keys, "delete <stack>", "remove the keys of a network for good", "keys-delete")
    .option("--unused", "only those of daemons that the network has no more")
    .option("-y, --yes", "ask nothing");
  command(program, "join <stack>", "write what an outsider needs to join a network in clusters", "join")
    .option("-o, --output <dir>", "directory of the bundle (default: STACK-join)")
    .option("--from <file>", "read the stack's outputs from a file of JSON, not from the stack");
}

function machineCommands(program: Command): void {
  command(
    program,
    "doctor [stack]",
    "what this machine has and lacks; of a stack: credentials, rights, quotas, programs",
    "doctor",
  );
  command(program, "comment [stack]", "a preview as the comment of a pull request, in Markdown", "comment")
    .requiredOption("--record <file>", "what `preview --json` or `rehearse --json` printed")
    .option("--full <file>", "write the text without a limit here")
    .option("--commit <sha>", "the commit it was made of")
    .option("--run-url <url>", "where the log and the full text are");
  command(program, "env [stack]", "shell lines that let `pulumi` work on the same stacks", "env");
}

function positiveNumber(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError("A number above 0 is wanted.");
  return value;
}

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("A whole number is wanted.");
  return Number(text);
}

/** Adds a command with what all have in common: `--json`, the default stack, loading its module late. */
function command(program: Command, usage: string, description: string, module: string): Command {
  return program
    .command(usage)
    .description(description)
    .option("--json", "print data as JSON on stdout")
    .action(async (...args: unknown[]) => {
      const self = args.at(-1) as Command;
      const names = self.registeredArguments.map((argument) => argument.name());
      const given = Object.fromEntries(
        names.map((name, index) => [name, self.processedArgs[index] as unknown]),
      );
      const options = { ...given, ...self.optsWithGlobals<Record<string, unknown>>() };
      const context = commandContext(options);
      // `require`, not `import()`: TypeScript is compiled by Node's CommonJS loader here, which is the quicker one.
      const loaded = require(`./commands/${module}`) as CommandModule<unknown>;
      process.exitCode = await loaded.run(context, options);
    });
}
