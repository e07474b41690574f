/** What the pack knows of a stack beyond its resources: all of it from the stack's own configuration. */
export interface StackFacts {
  readonly name: string;
  /** The environment that a network stands on, by the name of its stack; the stack's own name for an environment. */
  readonly environment: string;
  /** Whether the stack says of itself that it ends. */
  readonly isSelfService: boolean;
  /** Ports that an environment declares for peers; undefined where it declares none, and for networks. */
  readonly peerPorts: { readonly from: number; readonly to: number } | undefined;
}

/**
 * The facts of the stack that the engine works on. The engine tells packs the name and the configuration in these
 * variables (constructEnv of its plugin package); without them nothing is known but what resources show.
 */
export function stackFacts(env: Readonly<Record<string, string | undefined>>): StackFacts {
  const name = env["PULUMI_NODEJS_STACK"] ?? env["PULUMI_STACK"] ?? "";
  const config = mapping(env["PULUMI_CONFIG"]);
  const environment = config["testnet:environment"];
  const declared = mapping(environment);
  const network = mapping(config["testnet:network"]);
  const expires = network["expires"] ?? declared["expires"] ?? "never";
  const isNamed = typeof environment === "string" && !environment.trimStart().startsWith("{");
  return {
    name,
    environment: isNamed ? environment : name,
    isSelfService: expires !== "never",
    peerPorts: declared["peerPorts"] as StackFacts["peerPorts"],
  };
}

/** A mapping that is written as JSON; an empty one for anything else. */
function mapping(text: unknown): Readonly<Record<string, unknown>> {
  if (typeof text !== "string") return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {}; // the name of a stack
  }
}
