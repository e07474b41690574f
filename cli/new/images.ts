import { type Document, isMap, isScalar, isSeq, type YAMLMap } from "yaml";
import { TestnetError } from "../../errors/problem";

/** Images of a new network in place of the usual ones, by what they are of: see {@link setImages}. */
export type NewImages = ReadonlyMap<string, string>;

const NETWORK = ["config", "testnet:network"];
/** Keys of `images` of a Mina network. */
const MINA = ["daemon", "archive", "postgres"];
/** What a pool of an Ethereum network runs where it does not say. */
const USUAL = { execution: "geth", consensus: "prysm" } as const;

/** @throws TestnetError TN1006 for everything that is not `NAME=REFERENCE` */
export function parseImages(options: readonly string[]): NewImages {
  return new Map(
    options.map((option): [string, string] => {
      const [, name, reference] = /^([a-z-]+)=(\S+)$/.exec(option) ?? [];
      if (name !== undefined && reference !== undefined) return [name, reference];
      const remedy = "Write it as `--image geth=ghcr.io/you/geth@sha256:…`.";
      const message = "an image is told as NAME=REFERENCE";
      throw new TestnetError({ code: "TN1006", at: "--image", message, given: option, remedy });
    }),
  );
}

/**
 * Writes images into the settings of a network. Mina has `daemon`, `archive` and `postgres`; Ethereum has the clients of its
 * pools by their names, such as `geth` and `lighthouse`, and `lighthouse-validator` for the validator client.
 * @throws TestnetError TN1006 for a name of which the network runs nothing
 */
export function setImages(document: Document, images: NewImages): void {
  if (images.size === 0) return;
  const places =
    document.getIn([...NETWORK, "protocol"]) === "mina" ? placesOfMina() : placesOfEthereum(document);
  for (const [name, reference] of images) {
    const found = places.get(name);
    if (found === undefined) throw unknownName(name, [...places.keys()]);
    for (const place of found) document.setIn([...NETWORK, ...place], reference);
  }
}

type Places = Map<string, (string | number)[][]>;

function placesOfMina(): Places {
  return new Map(MINA.map((name) => [name, [["images", name]]]));
}

function placesOfEthereum(document: Document): Places {
  const nodes = document.getIn([...NETWORK, "nodes"]);
  const pools = isSeq(nodes) ? nodes.items : [];
  const places: Places = new Map();
  const add = (name: string, index: number, role: string) =>
    places.set(name, [...(places.get(name) ?? []), ["nodes", index, "images", role]]);
  pools.forEach((pool, index) => {
    if (!isMap(pool)) return;
    const consensus = clientOf(pool, "consensus");
    add(clientOf(pool, "execution"), index, "execution");
    add(consensus, index, "consensus");
    add(`${consensus}-validator`, index, "validator");
  });
  return places;
}

function clientOf(pool: YAMLMap, role: keyof typeof USUAL): string {
  const given: unknown = pool.get(role);
  const value = isScalar(given) ? given.value : given;
  return typeof value === "string" ? value : USUAL[role];
}

function unknownName(given: string, names: readonly string[]): TestnetError {
  const message = "the network runs nothing of this name";
  return new TestnetError({ code: "TN1006", at: "--image", message, given, allowed: names.join(", ") });
}
