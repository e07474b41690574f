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
      selections.map(({ name, alias, maxLength, fields }) => {
        const field = (value as Type)[name];
        if (field === undefined) throw new Error(`Field '${name}' is not defined on type '${type}'`);
        return [alias, this.select(field({ maxLength }), fields, name)];
      }),
    );
  }
}

type Value = string | number | Type | readonly Type[];
type Type = Readonly<Record<string, (args: { readonly maxLength: number | undefined }) => Value>>;

interface Selection {
  readonly name: string;
  readonly alias: string;
  readonly maxLength: number | undefined;
  readonly fields: readonly Selection[];
}

/** Reads the selections of a query: names, aliases, the one argument we know, and subfields. */
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
    let maxLength: number | undefined;
    if (this.skip("(")) {
      this.take("maxLength");
      this.take(":");
      maxLength = Number(this.word());
      this.take(")");
    }
    return { name, alias, maxLength, fields: this.tokens[0] === "{" ? this.fields() : [] };
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
