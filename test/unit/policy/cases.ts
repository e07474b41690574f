import assert from "node:assert/strict";
import type { RuleName } from "../../../policy/names";
import { judge, type Shown } from "./judge";

/** What a rule is shown, and what it must make of it. */
export interface Case {
  readonly what: string;
  readonly shown: Shown;
  /** Part of what is said; undefined for a pass. */
  readonly says?: RegExp;
}

/** The rule passes what is right, fails what is wrong, and does not judge what is unknown before `up`. */
export function proveRule(rule: RuleName, cases: readonly Case[]): void {
  describe(`the rule ${rule}`, () => {
    for (const { what, shown, says } of cases) {
      it(`${says === undefined ? "lets through" : "refuses"} ${what}`, () => {
        const said = judge(rule, shown);
        if (says === undefined) assert.deepEqual(said, []);
        else assert.match(said.join("\n"), says);
      });
    }
  });
}
