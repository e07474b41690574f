import type { StackSummary } from "../../../cli/list/summary";
import type { Deployment, ResourceState, StackState } from "../../../cli/list/state";

/** A network that is up on `dev` and expires at noon. */
export function summary(change: Partial<StackSummary> = {}): StackSummary {
  return {
    stack: "alice",
    kind: "network",
    environment: "dev",
    protocol: "ethereum",
    owner: "alice",
    created: "2026-03-01T04:00:00.000Z",
    createdBySettings: "2026-03-01T04:00:00.000Z",
    expires: "2026-03-01T12:00:00.000Z",
    kept: false,
    protected: false,
    peerPorts: { from: 11_000, to: 11_020 },
    resources: 40,
    updated: "2026-03-01T04:05:00.000Z",
    revision: "1",
    health: "up",
    heldBy: undefined,
    warned: undefined,
    ...change,
  };
}

export const NOON = Date.parse("2026-03-01T12:00:00.000Z");

/** A state as the engine writes it, with the outputs of a network. */
export function state(
  stack: string,
  outputs: Record<string, unknown>,
  resources: readonly Partial<ResourceState>[] = [{}],
  more: Partial<StackState> & { deployment?: Partial<Deployment> } = {},
): StackState {
  const root = { urn: `urn:${stack}`, type: "pulumi:pulumi:Stack", outputs };
  const others = resources.map((one, index) => ({
    urn: `urn:${stack}:${index}`,
    type: "aws:ec2/eip:Eip",
    ...one,
  }));
  return {
    stack,
    tags: {},
    holders: [],
    ...more,
    deployment: {
      manifest: { time: "2026-03-01T04:05:00Z" },
      resources: [root, ...others],
      ...more.deployment,
    },
  };
}
