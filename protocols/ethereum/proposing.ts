import { few, type Finding } from "../finding";
import { drawsThatTell } from "../silence";
import type { ObservedNode, Proposals, ValidatorGroup } from "./observations";

/** Whether every group of validators proposes. The proposer of a block is drawn among all validators, one as likely as another. */
export function groupsPropose(nodes: readonly ObservedNode[], { blocks, byNode }: Proposals): Finding {
  const groups = nodes.flatMap(({ name, validators }) =>
    validators === undefined ? [] : [{ name, validators }],
  );
  const all = groups.map(({ validators }) => validators);
  const silent = groups.filter(({ name }) => (byNode[name] ?? 0) === 0);
  const text = `proposed none of the last ${blocks} blocks`;
  const telling = silent.filter(({ validators }) => blocks >= blocksThatTell(validators, all));
  const faultOf = ({ validators }: (typeof groups)[number]) => ({ daemon: validators.daemon, text });
  return {
    faults: telling.map(faultOf),
    undecided: silent.filter((group) => !telling.includes(group)).map(faultOf),
    seen: `of the last ${blocks} blocks ${few(groups.map(({ name }) => `${name} ${byNode[name] ?? 0}`))}`,
  };
}

/** Blocks of which a group at work has one, but for chance. */
export function blocksThatTell({ count }: ValidatorGroup, groups: readonly ValidatorGroup[]): number {
  const all = groups.reduce((sum, group) => sum + group.count, 0);
  return drawsThatTell(count / all, groups.length);
}
