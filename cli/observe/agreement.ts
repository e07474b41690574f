import type {
  LayerAgreement,
  NodeObservation,
  Observed,
  ObservedNode,
} from "../../protocols/ethereum/observations";
import { blockHeader, isMissedSlot } from "./consensus";
import { blockHash } from "./execution";
import type { RequestOptions } from "./http";
import type { NodeEndpoints } from "./nodes";
import { inParallel } from "./parallel";

/** A head of one layer: block number and hash, or slot and root. */
interface Head {
  readonly daemon: string;
  readonly height: number;
  readonly hash: string;
}

interface Layer {
  readonly headOf: (observation: NodeObservation) => Head | undefined;
  readonly daemonOf: (node: ObservedNode) => string;
  readonly hashAt: (
    node: NodeEndpoints,
    height: number,
    options?: RequestOptions,
  ) => Promise<Observed<string>>;
}

const EXECUTION: Layer = {
  headOf: ({ node, execution }) =>
    execution.ok
      ? { daemon: node.execution, height: execution.value.block, hash: execution.value.hash }
      : undefined,
  daemonOf: (node) => node.execution,
  hashAt: ({ executionUrl }, height, options) => blockHash(executionUrl, height, options),
};

const CONSENSUS: Layer = {
  headOf: ({ node, consensus }) =>
    consensus.ok
      ? { daemon: node.consensus, height: consensus.value.slot, hash: consensus.value.root }
      : undefined,
  daemonOf: (node) => node.consensus,
  hashAt: async ({ consensusUrl }, height, options) => {
    const header = await blockHeader(consensusUrl, height, options);
    if (isMissedSlot(header)) return { ok: false, reason: "none on its chain" };
    return header.ok ? { ok: true, value: header.value.root } : header;
  },
};

/** What every client of both layers has at the lowest head of its layer; undefined where one did not answer. */
export async function agreements(
  nodes: readonly NodeEndpoints[],
  observations: readonly NodeObservation[],
  options?: RequestOptions,
): Promise<{ execution: LayerAgreement | undefined; consensus: LayerAgreement | undefined }> {
  const [execution, consensus] = await Promise.all([
    agreement(EXECUTION, nodes, observations, options),
    agreement(CONSENSUS, nodes, observations, options),
  ]);
  return { execution, consensus };
}

async function agreement(
  layer: Layer,
  nodes: readonly NodeEndpoints[],
  observations: readonly NodeObservation[],
  options?: RequestOptions,
): Promise<LayerAgreement | undefined> {
  const heads = observations.map(layer.headOf).filter((head) => head !== undefined);
  const [first] = heads;
  if (first === undefined || heads.length < nodes.length) return undefined;
  const lowest = heads.reduce((low, head) => (head.height < low.height ? head : low), first);
  const height = lowest.height;
  const known = new Map(
    heads.filter((head) => head.height === height).map(({ daemon, hash }) => [daemon, hash]),
  );
  const hashes = await inParallel(nodes, async (endpoints) => {
    const daemon = layer.daemonOf(endpoints.node);
    const head = known.get(daemon);
    const hash: Observed<string> =
      head === undefined ? await layer.hashAt(endpoints, height, options) : { ok: true, value: head };
    return { daemon, hash };
  });
  return { height, lowest: lowest.daemon, highest: Math.max(...heads.map((head) => head.height)), hashes };
}
