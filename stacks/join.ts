import * as pulumi from "@pulumi/pulumi";
import type { NetworkPlan } from "../protocols/plan";
import { type Reference, resolve } from "../protocols/references";
import type { JoinFile, JoinOutput } from "./cluster-network-outputs";

/** What the public texts of a network (peer list, join command) are resolved with. */
export interface PublicValues {
  readonly publicKeys: Readonly<Record<string, string>>;
  readonly genesisTime: pulumi.Output<number>;
  /** Reserved addresses by pod. */
  readonly addresses: Readonly<Record<string, pulumi.Output<string>>>;
}

/** The join bundle of a network, with where its files are published. */
export function joinOutput(
  plan: NetworkPlan,
  values: PublicValues,
  files: pulumi.Output<Readonly<Record<string, JoinFile>>>,
  url: string | undefined,
): JoinOutput {
  const { peerList = [], join } = plan.clusters ?? {};
  const publicText = publicTexts(values);
  return {
    peers: publicText(peerList),
    files,
    command: publicText(join?.command ?? []),
    notes: join?.notes ?? [],
    url,
  };
}

/** Resolves texts that the world reads. A reference to anything private in one is a mistake of ours. */
export function publicTexts({
  publicKeys,
  genesisTime,
  addresses,
}: PublicValues): (texts: readonly string[]) => pulumi.Output<string[]> {
  const known = pulumi.all([genesisTime, pulumi.all(addresses)]);
  return (texts) =>
    known.apply(([time, reserved]) => {
      const standsFor = (reference: Reference): string => {
        switch (reference.kind) {
          case "genesis-time":
            return String(time);
          case "genesis-iso":
            return new Date(time * 1000).toISOString().replace(".000Z", "Z");
          case "seed-ip":
            return reserved[reference.name] ?? reference.name;
          case "peer-id":
          case "public-key":
          case "enode":
          case "enr":
          case "address":
            return resolve(publicKeys[`${reference.kind} ${reference.name}`] ?? "", standsFor);
          default:
            throw new Error(`{{${reference.kind}}} has no place in a public text`);
        }
      };
      return texts.map((text) => resolve(text, standsFor));
    });
}
