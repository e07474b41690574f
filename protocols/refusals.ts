import { TestnetError, type Problem } from "../errors/problem";
import type { Daemon, KeyRequest, NetworkPlan } from "./plan";

/** Longest name of a DNS label (RFC 1035); Helm releases and Kubernetes names get shorter ones from it. */
const MAX_LABEL = 63;

/**
 * What no target may be asked to make: daemons sharing a key, overlapping validator ranges, ports that clash, names that
 * are none. Checked on the plan, whatever protocol made it, before anything is created.
 * @throws TestnetError with all problems at once (TN1010, TN1011, TN1012).
 */
export function refuseUnsound(plan: NetworkPlan): NetworkPlan {
  const problems = [
    ...nameProblems(plan.daemons),
    ...portProblems(plan.daemons),
    ...keyProblems(plan.keys),
    ...validatorRangeProblems(plan.keys),
  ];
  if (problems.length > 0) throw new TestnetError(problems);
  return plan;
}

function nameProblems(daemons: readonly Daemon[]): Problem[] {
  const seen = new Set<string>();
  return daemons.flatMap((daemon): Problem[] => {
    const twice = seen.has(daemon.name);
    seen.add(daemon.name);
    if (twice) return [{ code: "TN1012", at: daemon.name, message: "two daemons have this name" }];
    if (daemon.name.length > MAX_LABEL || !/^[a-z](-?[a-z0-9])*$/.test(daemon.name)) {
      return [
        {
          code: "TN1012",
          at: daemon.name,
          message: "this cannot be the name of a daemon",
          given: daemon.name,
          allowed: `up to ${MAX_LABEL} lower-case letters, digits and single hyphens, starting with a letter`,
        },
      ];
    }
    return [];
  });
}

function portProblems(daemons: readonly Daemon[]): Problem[] {
  const owners = new Map<string, string>();
  return daemons.flatMap((daemon) =>
    daemon.ports.flatMap((port) =>
      port.transports.flatMap((transport): Problem[] => {
        if (port.number < 1 || port.number > 65_535) {
          return [
            {
              code: "TN1010",
              at: daemon.name,
              message: `port ${port.name} is outside the range of ports`,
              given: port.number,
              allowed: "1 to 65535",
            },
          ];
        }
        const key = `${port.number}/${transport}`;
        const owner = owners.get(key);
        owners.set(key, daemon.name);
        if (owner === undefined) return [];
        return [
          {
            code: "TN1010",
            at: daemon.name,
            message: `port ${port.name} is also a port of ${owner}`,
            given: key,
          },
        ];
      }),
    ),
  );
}

function keyProblems(keys: readonly KeyRequest[]): Problem[] {
  const seen = new Set<string>();
  return keys.flatMap((key): Problem[] => {
    const twice = seen.has(key.name);
    seen.add(key.name);
    return twice ? [{ code: "TN1011", at: key.name, message: "two daemons would share this key" }] : [];
  });
}

/** Two clients signing with one validator key are slashed. */
function validatorRangeProblems(keys: readonly KeyRequest[]): Problem[] {
  const ranges = keys
    .filter((key) => key.kind === "validators")
    .sort((left, right) => left.from - right.from || right.count - left.count);
  return ranges.flatMap((range, index): Problem[] => {
    const previous = ranges[index - 1];
    if (previous === undefined || previous.from + previous.count <= range.from) return [];
    return [
      {
        code: "TN1011",
        at: range.name,
        message: `its validator keys overlap those of ${previous.name}`,
        given: `${range.from} to ${range.from + range.count - 1}`,
        allowed: `from ${previous.from + previous.count}`,
      },
    ];
  });
}
