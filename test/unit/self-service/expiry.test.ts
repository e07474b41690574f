import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import * as path from "node:path";
import fc from "fast-check";
import { parse } from "yaml";
import { commandContext } from "../../../cli/context";
import { refuseExpired, withCreation } from "../../../cli/expiry/creation";
import { decide } from "../../../cli/expiry/decide";
import { durationText, roughTime } from "../../../cli/expiry/duration";
import { extendedDeadline } from "../../../cli/expiry/extend";
import { withText } from "../../../cli/expiry/stack-file";
import { postMessage, type SlackMessage, warningOf, warnPeople } from "../../../cli/expiry/warn";
import { lifetimeSeconds } from "../../../protocols/settings";
import { loadStackConfig } from "../../../stacks/config/file";
import { kindOf } from "../../../stacks/kind";
import { deadlineOfTag, lifetimeOf, lifetimeTag } from "../../../stacks/lifetime";
import { runMain } from "../../support/cli";
import { temporaryDirectory } from "../../support/temporary";
import { NOON, summary } from "./stacks";

const moment = fc
  .integer({ min: 1_700_000_000, max: 4_000_000_000 })
  .map((seconds) => new Date(seconds * 1000));

describe("a lifetime", () => {
  it("counts from creation", () => {
    assert.deepEqual(lifetimeOf("8 hours", "2026-03-01T04:00:00Z"), {
      created: "2026-03-01T04:00:00.000Z",
      expires: "2026-03-01T12:00:00.000Z",
      kept: false,
    });
    assert.deepEqual(lifetimeOf("never", undefined), { created: null, expires: null, kept: true });
    assert.throws(() => lifetimeOf("8 hours", undefined), /TN1050/);
  });

  it("its tag is one that all clouds take, never before the deadline, and at most a minute after it", () => {
    fc.assert(
      fc.property(moment, fc.integer({ min: 1, max: 9999 }), (created, minutes) => {
        const lifetime = lifetimeOf(`${minutes} minutes`, created.toISOString());
        const tag = lifetimeTag(lifetime);
        assert.match(tag, /^[a-z0-9]([a-z0-9_-]{0,61}[a-z0-9])?$/);
        const late = deadlineOfTag(tag)!.getTime() - Date.parse(lifetime.expires!);
        assert.ok(late >= 0 && late < 60_000);
      }),
    );
    assert.equal(lifetimeTag(lifetimeOf("never", undefined)), "never");
    assert.equal(deadlineOfTag("never"), undefined);
    assert.equal(deadlineOfTag("2026-02-31t99-99z"), undefined);
  });

  it("any length is written as a setting that is not shorter, and not a unit longer", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60_000_000 }), (seconds) => {
        const text = durationText(seconds);
        const written = lifetimeSeconds(text);
        assert.ok(written !== undefined && written >= seconds, text);
        assert.ok(written - seconds < 86_400, `${seconds} became ${text}`);
      }),
    );
    assert.deepEqual([28_800, 90 * 60, 172_800].map(durationText), ["8 hours", "90 minutes", "2 days"]);
    assert.deepEqual([90_000, 3600, 59].map(roughTime), ["1 d 1 h", "1 h", "1 min"]);
  });

  it("more time counts from the end, or from now where that is over", () => {
    const end = "2026-03-01T12:00:00.000Z";
    assert.equal(extendedDeadline(end, 3600, new Date(NOON - 1000)), "2026-03-01T13:00:00.000Z");
    assert.equal(extendedDeadline(end, 3600, new Date(NOON + 7_200_000)), "2026-03-01T15:00:00.000Z");
  });
});

describe("a stack file with another value", () => {
  const FILE =
    'config: # mine\n  testnet:environment: dev\n  testnet:network:\n    list: ["*"] # kept\n    expires: 8 hours # why\n';
  it("differs in that value only", () => {
    assert.equal(
      withText(FILE, ["config", "testnet:network", "expires"], "12 hours"),
      FILE.replace("8 hours", "12 hours"),
    );
    const added = withText(FILE, ["config", "testnet:created"], "2026-03-01T04:00:00.000Z");
    assert.equal(
      added,
      FILE.replace("  testnet:env", '  testnet:created: "2026-03-01T04:00:00.000Z"\n  testnet:env'),
    );
  });

  it("takes a key into a mapping on one line", () => {
    const flow = "config:\n  testnet:network: { protocol: mina, snark: [] }\n";
    const { config } = parse(withText(flow, ["config", "testnet:network", "expires"], "never")) as {
      config: Record<string, unknown>;
    };
    assert.deepEqual(config["testnet:network"], { protocol: "mina", snark: [], expires: "never" });
  });
});

describe("testnet extend, keep, and the first up", () => {
  const directory = temporaryDirectory();
  const home = process.env["TESTNET_HOME"];
  const file = path.join(directory.path, "Pulumi.qa.yaml");
  const write = (expires: string, created = "") =>
    fs.writeFileSync(
      file,
      `config:\n  testnet:environment: local\n${created}  testnet:network:\n    protocol: ethereum\n    nodes: [{ count: 1 }]\n    expires: ${expires} # soon\n`,
    );
  const found = () => kindOf(loadStackConfig(directory.path, "qa"));
  before(() => (process.env["TESTNET_HOME"] = path.join(directory.path, "home")));
  after(() => {
    if (home === undefined) delete process.env["TESTNET_HOME"];
    else process.env["TESTNET_HOME"] = home;
    directory.dispose();
  });

  it("extend adds to the setting, keep ends it, and both leave the rest of the file", async () => {
    const now = new Date(Date.now() - 3_600_000).toISOString();
    write("8 hours", `  testnet:created: "${now}"\n`);
    const extended = await runMain("-C", directory.path, "extend", "qa", "4", "hours", "--json");
    assert.equal(extended.status, 0, extended.stderr);
    const { expires } = JSON.parse(extended.stdout) as { expires: string };
    assert.equal(Date.parse(expires) - Date.parse(now), 12 * 3_600_000);
    assert.match(fs.readFileSync(file, "utf8"), /nodes: \[\{ count: 1 \}\]\n {4}expires: 12 hours # soon\n/);
    assert.equal((await runMain("-C", directory.path, "keep", "qa")).status, 0);
    assert.match(fs.readFileSync(file, "utf8"), /expires: never # soon/);
    const again = await runMain("-C", directory.path, "extend", "qa", "4 hours", "--json");
    assert.equal((JSON.parse(again.stdout) as { changed: boolean }).changed, false);
  });

  it("a network nobody knows, and a time that is none, are told", async () => {
    assert.match((await runMain("-C", directory.path, "extend", "nobody", "4 hours")).stderr, /TN1001/);
    assert.match((await runMain("-C", directory.path, "extend", "qa", "4 moons")).stderr, /TN1056 TIME/);
  });

  it("the first up writes the creation down, once; after the end it is refused", () => {
    write("8 hours");
    const context = commandContext({ directory: directory.path, stack: "qa" });
    const first = new Date("2026-03-01T04:00:00.000Z");
    const made = withCreation(context, found(), first);
    assert.ok(made.kind === "local network" && made.created === first.toISOString());
    const text = fs.readFileSync(file, "utf8");
    withCreation(context, found(), new Date("2026-03-01T05:00:00.000Z"));
    assert.equal(fs.readFileSync(file, "utf8"), text);
    refuseExpired("qa", found(), new Date(NOON - 1));
    assert.throws(() => refuseExpired("qa", found(), new Date(NOON)), /TN1053[^]*testnet extend qa/);
  });
});

describe("warnings", () => {
  const soon = new Date(NOON - 1_800_000);
  it("tell whose, what, when and how to go on, without markup of others", () => {
    const { text } = warningOf(summary({ environment: "<!channel>" }), "2026-03-01T12:00:00.000Z", soon);
    assert.match(text, /ethereum network alice of alice on &lt;!channel&gt; is removed in 30 min/);
    assert.match(text, /testnet extend alice 4 hours/);
  });

  it("one that is not taken is told with a code, recorded as not sent, and keeps no other", async () => {
    const recorded: string[] = [];
    const stacks = ["a", "b"].map((stack) => summary({ stack }));
    const results = await warnPeople(
      decide(stacks, soon),
      stacks,
      {
        send: ({ text }) =>
          text.includes("network a ") ? Promise.reject(new Error("no")) : Promise.resolve(),
        record: (stack) => Promise.resolve(void recorded.push(stack)),
      },
      soon,
    );
    assert.deepEqual(recorded, ["b"]);
    assert.deepEqual(
      results.map(({ stack, sent, problems }) => [stack, sent, problems[0]?.code]),
      [
        ["a", false, "TN2037"],
        ["b", true, undefined],
      ],
    );
  });

  it("go as JSON that Slack takes; a refusal does not show the address", async () => {
    const taken: SlackMessage[] = [];
    const server = http.createServer((request, response) => {
      let body = "";
      request.on("data", (chunk: Buffer) => (body += chunk.toString()));
      request.on("end", () => {
        taken.push(JSON.parse(body) as SlackMessage);
        response.writeHead(taken.length === 1 ? 200 : 500).end("ok");
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/secret-path`;
    await postMessage(url, { text: "hello" });
    assert.deepEqual(taken, [{ text: "hello" }]);
    const refusal = await postMessage(url, { text: "again" }).catch((error: unknown) => error as Error);
    assert.match(String(refusal), /answered 500/);
    await new Promise((resolve) => server.close(resolve));
    const silent = await postMessage(url, { text: "again" }).catch((error: unknown) => error as Error);
    assert.match(String(silent), /cannot be reached/);
    for (const error of [refusal, silent]) assert.doesNotMatch(String(error), /secret-path/);
  });
});
