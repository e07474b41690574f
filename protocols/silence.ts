/**
 * Who makes a block is drawn by lot, so silence alone is no fault: it is one when those who are at work are that unlucky in
 * one look of a thousand, all of them counted together.
 */
const FALSE_ALARMS = 1 / 1000;

/**
 * So many draws without a hit are no chance any more. Infinity where there is nothing to hit.
 * @param chance of a hit in one draw
 * @param producers who are looked at together: of many one is sooner unlucky
 */
export function drawsThatTell(chance: number, producers: number): number {
  if (chance <= 0) return Infinity;
  return Math.max(1, Math.ceil(Math.log(FALSE_ALARMS / producers) / Math.log1p(-chance)));
}
