import type { Problem } from "../../../errors/problem";
import { ref, type Reference, resolve } from "../../../protocols/references";

/** Where things are in a container. */
export const PATHS = { data: "/data", shared: "/shared", keys: "/keys" } as const;

/** What texts of a plan are resolved with. Every value may be a token of LateTexts. */
export interface KnownValues {
  /** Public parts of keys by the reference that stands for them, e.g. `peer-id seed-1`. They may hold references again. */
  readonly publicKeys: Readonly<Record<string, string>>;
  /** Unix seconds of the first slot. */
  readonly genesisTime: string;
  /** The same as `2026-11-21T12:00:00Z`. */
  readonly genesisIso: string;
  /** Reserved addresses by daemon. */
  readonly addresses: Readonly<Record<string, string>>;
  /** All seeds of the network: those without a reserved address are found by name when a pod starts. */
  readonly seeds: ReadonlySet<string>;
}

/** Resolves the texts of one daemon, and notes what they need. */
export class Texts {
  /** Files of the bundle, or directories of files. */
  readonly secrets = new Set<string>();
  /** Seeds whose address is found when the pod starts. */
  readonly soughtSeeds = new Set<string>();
  readonly problems: Problem[] = [];
  usesShared = false;
  usesExternalIp = false;

  constructor(
    private readonly daemon: string,
    private readonly known: KnownValues,
  ) {}

  /** A text that a start script or a file may hold: markers of addresses stay in it. */
  text(text: string): string {
    return resolve(text, (reference) => this.standsFor(reference));
  }

  /** A text of the environment, where `{{secret-value NAME}}` may stand; it stays in it. */
  environment(text: string): string {
    return resolve(text, (reference) => {
      if (reference.kind !== "secret-value") return this.standsFor(reference);
      this.secrets.add(reference.name);
      return ref.secretValue(reference.name);
    });
  }

  private standsFor(reference: Reference): string {
    const { known } = this;
    switch (reference.kind) {
      case "data":
        return PATHS.data;
      case "shared":
        this.usesShared = true;
        return PATHS.shared;
      case "secret":
        this.secrets.add(reference.name);
        return `${PATHS.keys}/${reference.name}`;
      case "external-ip":
        this.usesExternalIp = true;
        return ref.externalIp;
      case "seed-ip":
        return this.seedAddress(reference.name);
      case "genesis-time":
        return known.genesisTime;
      case "genesis-iso":
        return known.genesisIso;
      case "secret-value":
        return this.refuse(`{{secret-value ${reference.name}}}`, "it may stand in the environment only");
      case "deposits":
        return this.publicPart("deposits");
      default:
        return this.publicPart(`${reference.kind} ${reference.name}`);
    }
  }

  private seedAddress(seed: string): string {
    const address = this.known.addresses[seed];
    if (address !== undefined) return address;
    if (!this.known.seeds.has(seed)) return this.refuse(ref.seedIp(seed), "the network has no such seed");
    this.soughtSeeds.add(seed);
    return ref.seedIp(seed);
  }

  /** A public part may hold addresses, as an enode does; but no other pod knows this one's external address. */
  private publicPart(name: string): string {
    const value = this.known.publicKeys[name];
    if (value === undefined) return this.refuse(`{{${name}}}`, "the keyring does not hold it");
    return resolve(value, (reference) =>
      reference.kind === "external-ip" || reference.kind === "seed-ip"
        ? this.addressIn(name, reference)
        : this.refuse(`{{${name}}}`, "its value holds a reference that is no address"),
    );
  }

  private addressIn(name: string, reference: Reference): string {
    if (reference.kind === "seed-ip") return this.seedAddress(reference.name);
    const owner = name.split(" ")[1] ?? "";
    // Names of keys begin with the name of their daemon.
    if (owner === this.daemon || owner.startsWith(`${this.daemon}-`)) return this.standsFor(reference);
    return this.refuse(`{{${name}}}`, "the address in it is known in the pod of its owner only");
  }

  private refuse(reference: string, why: string): string {
    this.problems.push({ code: "TN2017", at: this.daemon, message: why, given: reference });
    return reference;
  }
}
