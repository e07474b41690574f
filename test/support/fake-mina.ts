import type { ChainBlock } from "../../protocols/mina/chain";
import type { Answer, Reply } from "./fake-server";

/**
 * A Mina daemon's GraphQL as far as it is asked here: the fields of Mina's own schema (graphql_schema.json) with their types, and
 * errors for every other one. Integers are texts there.
 */
export class FakeMina {
  sync = "SYNCED";
  peers = 1;
  /** From the root to the tip; undefined while it bootstraps. */
  blocks: readonly ChainBlock[] | undefined = [];
  /** Of the ledger that this epoch's lots are drawn of. */
  currencyNano = 0n;
  /** Asked for so far: lengths of best chains. */
  readonly lengths: number[] = [];

  readonly answer: Answer = (path, body): Reply => {
    if (path !== "/graphql") return { status: 404, body: "not found" };
    try {
      const { query } = JSON.parse(body) as { query: string };
      return { body: JSON.stringify({ data: this.select(this.root, new Selections(query).all(), "query") }) };
    } catch (error) {
      return { body: JSON.stringify({ data: null, errors: [{ message: (error as Error).message }] }) };
    }
  };

  private readonly root: Type = {
    daemonStatus: () => ({
      syncStatus: () => this.sync,
      peers: () =>
        Array.from({ length: this.peers }, (_, index) => ({
          peerId: () => `12D3KooW${index}`,
          host: () => "10.0.0.1",
          libp2pPort: () => 8302,
        })),
    }),
    block: ({ height }) => {
      // As there: the root is not among those that are searched.
      const found = this.blocks?.slice(1).find((block) => block.height === height);
      if (found !== undefined) return this.block(found);
      throw new Error(`Could not find block in transition frontier with height ${height}`);
    },
    bestChain: ({ maxLength }) => {
      if (this.blocks === undefined) {
        throw new Error("Could not obtain best chain from transition frontier");
      }
      const length = maxLength ?? this.blocks.length;
      this.lengths.push(length);
      return this.blocks.slice(-length).map((block) => this.block(block));
    },
  };

  private block({ height, hash, slot, creator }: ChainBlock): Type {
    return {
      stateHash: () => hash,
      protocolState: () => ({
        previousStateHash: () =>
          this.blocks?.find((block) => block.height === height - 1)?.hash ?? "3Nearlier",
        consensusState: () => ({
          blockHeight: () => String(height),
          slotSinceGenesis: () => String(slot),
          blockCreator: () => creator,
          stakingEpochData: () => ({
            ledger: () => ({ hash: () => "jx", totalCurrency: () => String(this.currencyNano) }),
          }),
        }),
      }),
    };
  }

  private select(value: Value, selections: readonly Selection[], type: string): unknown {
    if (Array.isArray(value)) return value.map((each: Type) => this.select(each, selections, type));
    if (typeof value !== "object") {
      if (selections.length > 0) throw new Error(`Field '${type}' has no subfields`);
      return value;
    }
    if (selections.length === 0) throw new Error(`Field '${type}' must have a selection of subfields`);
    return Object.fromEntries(
      selections.map(({ name, alias, args, fields }) => {
        const field = (value as Type)[name];
        if (field === undefined) throw new Error(`Field '${name}' is not defined on type '${type}'`);
        return [alias, this.select(field(args), fields, name)];
      }),
    );
  }
}

type Value = string | number | Type | readonly Type[];
type Type = Readonly<Record<string, (args: Arguments) => Value>>;

/** Those we know, all of them numbers. */
type Arguments = Readonly<Partial<Record<"maxLength" | "height", number>>>;

interface Selection {
  readonly name: string;
  readonly alias: string;
  readonly args: Arguments;
  readonly fields: readonly Selection[];
}

const ARGUMENTS: Readonly<Record<string, string>> = { bestChain: "maxLength", block: "height" };

/** Reads the selections of a query: names, aliases, the arguments we know, and subfields. */
class Selections {
  private readonly tokens: string[];

  constructor(query: string) {
    this.tokens = query.match(/[{}():]|\w+|[^\s\w]/g) ?? [];
  }

  all(): Selection[] {
    const selections = this.fields();
    if (this.tokens.length > 0) throw new Error(`Syntax error at ${this.tokens[0]}`);
    return selections;
  }

  private fields(): Selection[] {
    this.take("{");
    const fields: Selection[] = [];
    while (this.tokens[0] !== "}") fields.push(this.field());
    this.take("}");
    return fields;
  }

  private field(): Selection {
    const alias = this.word();
    const name = this.skip(":") ? this.word() : alias;
    const args: Record<string, number> = {};
    if (this.skip("(")) {
      const argument = this.word();
      if (ARGUMENTS[name] !== argument) throw new Error(`Unknown argument '${argument}' on field '${name}'`);
      this.take(":");
      args[argument] = Number(this.word());
      this.take(")");
    }
    return { name, alias, args, fields: this.tokens[0] === "{" ? this.fields() : [] };
  }

  private word(): string {
    const token = this.tokens.shift();
    if (token === undefined || !/^\w+$/.test(token)) throw new Error(`Syntax error at ${token}`);
    return token;
  }

  private skip(token: string): boolean {
    if (this.tokens[0] !== token) return false;
    this.tokens.shift();
    return true;
  }

  private take(token: string): void {
    if (!this.skip(token)) throw new Error(`Syntax error at ${this.tokens[0]}, not ${token}`);
  }
}
