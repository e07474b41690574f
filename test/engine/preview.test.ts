import assert from "node:assert/strict";
import * as path from "node:path";
import type { CommandContext } from "../../cli/context";
import type { PreviewRecord } from "../../cli/preview/record";
import { previewStack } from "../../cli/preview/run";
import { losesSomething } from "../../cli/preview/tell";
import { Output } from "../../cli/ui/output";
import { LocalProvider } from "../../components/local/local-provider";
import { GenesisResource, HomeResource, KeysResource } from "../../components/local/resources";
import type { PortRange } from "../../components/local/network-record";
import { loadStackConfig } from "../../stacks/config/file";
import { kindOf } from "../../stacks/kind";
import { TestEngine } from "../support/engine";
import { freePorts } from "../support/local";

const ROOT = path.join(__dirname, "..", "..");
const CANARY = "canary-that-stands-in-a-file";

/** What the stack has besides its home. */
interface Parts {
  readonly ports: PortRange;
  /** Era of its keys; another one replaces them. */
  readonly era: number;
  readonly genesis: boolean;
  readonly more: number;
}

/** A small stack of files only, with the real engine and our provider. */
describe("a preview with the real engine", function () {
  this.timeout(180_000);
  let engine: TestEngine;
  let parts: Parts;

  before(async () => {
    engine = await TestEngine.start();
    const from = await freePorts(20);
    parts = { ports: { from, to: from + 9 }, era: 1, genesis: true, more: 0 };
  });
  after(() => engine.dispose());

  function deploy({ ports, era, genesis, more }: Parts): void {
    engine.deploys(() => {
      const provider = new LocalProvider("machine", { home: path.join(engine.directory, "testnet") });
      const home = new HomeResource("home", { network: "net", ports, era: 1, listening: {} }, { provider });
      const options = { provider, dependsOn: home };
      new KeysResource("keys", { network: "net", era, requests: [] }, options);
      if (genesis) {
        const files = [{ path: "genesis.txt", content: CANARY }];
        new GenesisResource(
          "genesis",
          { network: "net", era: 1, genesis: { files, runs: [], delaySeconds: 5 } },
          options,
        );
      }
      for (let index = 0; index < more; index += 1) {
        new KeysResource(`more-${index}`, { network: "net", era: 100 + index, requests: [] }, options);
      }
      return Promise.resolve();
    });
  }

  function preview(signal = new AbortController().signal): Promise<PreviewRecord> {
    const context: CommandContext = {
      ...{ directory: ROOT, stack: "local", home: path.join(engine.directory, "testnet") },
      out: new Output(true),
    };
    const opened = { stack: engine.stack, backend: { env: {}, directory: undefined } };
    const found = kindOf(loadStackConfig(ROOT, "local"));
    return previewStack(context, found, () => Promise.resolve(opened), {}, signal);
  }

  const short = ({ changes }: PreviewRecord) => changes.map(({ operation, name }) => `${operation} ${name}`);

  it("tells what would be made, and makes nothing", async () => {
    deploy(parts);
    const record = await preview();
    assert.deepEqual([record.ok, record.unchanged, record.problems], [true, 0, []]);
    assert.deepEqual(short(record), ["create genesis", "create home", "create keys"]);
    assert.equal(record.cost, undefined);
    assert.deepEqual(await engine.resources(), []);
  });

  it("tells nothing where nothing differs", async () => {
    await engine.stack.up(engine.watched);
    const record = await preview();
    assert.deepEqual([record.ok, record.changes, record.unchanged], [true, [], 3]);
  });

  it("names what is deleted and replaced first, then updates and creates, with paths and no value", async () => {
    const { ports } = parts;
    deploy({
      ...parts,
      ports: { from: ports.from + 10, to: ports.to + 10 },
      era: 2,
      genesis: false,
      more: 1,
    });
    const record = await preview();
    assert.deepEqual(short(record), ["delete genesis", "replace keys", "update home", "create more-0"]);
    assert.equal(losesSomething(record), true);
    const [, replaced, updated] = record.changes;
    assert.deepEqual(replaced?.replaceProperties, ["era"]);
    assert.ok(
      updated?.properties.every((property) => property.startsWith("ports")),
      updated?.properties.join(),
    );
    assert.doesNotMatch(JSON.stringify(record), new RegExp(CANARY));
  });

  it("of a thousand resources is one record", async () => {
    deploy({ ...parts, more: 1000 });
    const record = await preview();
    assert.equal(record.changes.filter(({ operation }) => operation === "create").length, 1000);
  });

  it("of a program that fails says why, and is not let through", async () => {
    engine.deploys(() => Promise.reject(new Error("no such thing")));
    const record = await preview();
    assert.equal(record.ok, false);
    assert.match(
      record.problems.map(({ code, message }) => `${code} ${message}`).join(),
      /TN2001 .*no such thing/s,
    );
  });

  it("ends when it is interrupted", async () => {
    const controller = new AbortController();
    controller.abort();
    await assert.rejects(preview(controller.signal));
  });
});
