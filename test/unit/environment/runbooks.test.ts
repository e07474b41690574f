import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { clusterAlerts } from "../../../components/kubernetes/monitoring/alerts";

const PROJECT = path.resolve(__dirname, "../../..");
const PAGE = "docs/runbooks.md";

/** Sections of the page: what stands below each heading. */
function sections(): Map<string, string> {
  const [, ...parts] = fs.readFileSync(path.join(PROJECT, PAGE), "utf8").split(/^## /m);
  return new Map(parts.map((part) => [part.slice(0, part.indexOf("\n")), part.slice(part.indexOf("\n"))]));
}

describe("runbooks", () => {
  it("have one section for each alert, in the order of the rules, and no other", () => {
    assert.deepEqual(
      [...sections().keys()],
      clusterAlerts().map(({ alert }) => alert),
    );
  });

  for (const { alert, annotations, labels, for: time } of clusterAlerts()) {
    it(`${alert} names its section, which tells its severity, its time and what to do`, () => {
      assert.equal(annotations.runbook, `${PAGE}#${alert.toLowerCase()}`);
      const section = sections().get(alert) ?? "";
      assert.match(section, new RegExp(`^\\s*\\*\\*${labels.severity}\\.\\*\\*`, "i"));
      assert.match(section, /^1\. /m);
      const minutes = Number.parseInt(time);
      if (minutes > 0 && minutes < 60) assert.match(section, new RegExp(`\\b${minutes}\\s+minutes`));
    });
  }

  it("point to sections and files that exist", () => {
    const text = fs.readFileSync(path.join(PROJECT, PAGE), "utf8");
    const headings = [...sections().keys()].map((heading) => `#${heading.toLowerCase()}`);
    for (const [, target = ""] of text.matchAll(/\]\(([^)]+)\)/g)) {
      const file = target.replace(/#.*/, "");
      if (file === "") assert.ok(headings.includes(target), target);
      else assert.ok(fs.existsSync(path.join(PROJECT, "docs", file)), target);
    }
  });
});
