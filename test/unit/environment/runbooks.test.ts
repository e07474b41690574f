import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { clusterAlerts } from "../../../components/kubernetes/monitoring/alerts";
import { ethereumMonitoring } from "../../../protocols/ethereum/monitoring";
import { minaMonitoring } from "../../../protocols/mina/monitoring";
import type { AlertRule } from "../../../protocols/monitoring";
import { plannedDaemon } from "../../support/planned-daemons";

const PROJECT = path.resolve(__dirname, "../../..");
const PAGE = "docs/runbooks.md";

const daemons = ["a", "b"].map((name) => plannedDaemon({ name, role: "execution" }));
const NETWORK = { network: "qa", daemons };
const NETWORK_ALERTS = [
  ...minaMonitoring({ ...NETWORK, slotSeconds: 180, slotsPerSubWindow: 7, transactions: true }).rules,
  ...ethereumMonitoring({ ...NETWORK, secondsPerSlot: 12, slotsPerEpoch: 32, publicNetwork: false }).rules,
];

/** Those of a cluster first, then those of networks; what both protocols have is told once, at the end. */
const ALERTS: readonly AlertRule[] = [
  ...clusterAlerts(),
  ...NETWORK_ALERTS.filter(
    ({ alert }, index) => !NETWORK_ALERTS.slice(index + 1).some((later) => later.alert === alert),
  ),
];

/** Sections of the page: what stands below each heading. */
function sections(): Map<string, string> {
  const [, ...parts] = fs.readFileSync(path.join(PROJECT, PAGE), "utf8").split(/^## /m);
  return new Map(parts.map((part) => [part.slice(0, part.indexOf("\n")), part.slice(part.indexOf("\n"))]));
}

describe("runbooks", () => {
  it("have one section for each alert, in the order of the rules, and no other", () => {
    assert.deepEqual(
      [...sections().keys()],
      ALERTS.map(({ alert }) => alert),
    );
  });

  for (const { alert, annotations, labels, for: time } of ALERTS) {
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
