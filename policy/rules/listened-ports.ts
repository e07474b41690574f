import type { PolicyResource } from "@pulumi/policy";
import { at, known, list, stackRule } from "../rule";

const OPENINGS = /^(aws:vpc\/securityGroupIngressRule:|gcp:compute\/firewall:)/;
/** A network opens its ports in steps of this many, so that growing by one changes no firewall (docs/networks.md). */
const STEP = 32;
const RELEASE = "kubernetes:helm.sh/v3:Release";

interface Range {
  readonly from: number;
  readonly to: number;
  readonly urn: string;
}

/**
 * A network opens the ports from the first that a pod of it listens on for the world to the end of the step of the last. Stacks
 * without pods of our chart declare their ports themselves, and are not judged here.
 */
export function openPortsAreListenedOn() {
  return stackRule(
    {
      name: "open-ports-are-listened-on",
      description:
        "A network opens only the range of ports that its daemons and services listen on for the world.",
      enforcementLevel: "mandatory",
    },
    (resources) => {
      const listened = publicPorts(resources);
      if (listened.length === 0) return [];
      const [first, last] = [Math.min(...listened), Math.max(...listened)];
      return ranges(resources)
        .filter(({ from, to }) => from < first || to >= last + STEP)
        .map(({ from, to, urn }) => ({
          urn,
          finding: `ports ${from} to ${to} are open, and daemons listen on ${first} to ${last} only`,
        }));
    },
  );
}

function publicPorts(resources: readonly PolicyResource[]): number[] {
  return resources
    .filter(({ type }) => type === RELEASE)
    .flatMap(({ props }) => list(at(props, "values", "pods")))
    .flatMap((pod) => list(at(pod, "containers")))
    .flatMap((container) => list(at(container, "ports")))
    .flatMap((port) => (at(port, "public") === true ? [Number(at(port, "number"))] : []));
}

function ranges(resources: readonly PolicyResource[]): Range[] {
  return resources
    .filter(({ type }) => OPENINGS.test(type))
    .flatMap(({ urn, props }) => known(() => rangesOf(props))?.map((range) => ({ ...range, urn })) ?? []);
}

function rangesOf(props: unknown): { from: number; to: number }[] {
  if (at(props, "fromPort") !== undefined) {
    return [{ from: Number(at(props, "fromPort")), to: Number(at(props, "toPort")) }];
  }
  return list(at(props, "allows"))
    .flatMap((allow) => list(at(allow, "ports")))
    .map((range) => {
      const [from = "", to = from] = String(range).split("-");
      return { from: Number(from), to: Number(to) };
    });
}
