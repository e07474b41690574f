import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { MINA_RELEASES } from "../../../protocols/mina/releases";
import { minaNetwork } from "../../../protocols/mina/settings";
import { planOf } from "./support";

const PAGE = readFileSync(resolve(__dirname, "../../../docs/mina.md"), "utf8");

interface Schema {
  readonly properties?: Record<string, Schema>;
  readonly items?: Schema;
  readonly default?: string | number | boolean | object;
}

const GROUPS = ["seeds", "blockProducers", "archives", "nodes", "itnNodes", "snark[].coordinator"];

/** Every key that a user may set, with its default where it is a plain value; those of every group once, by their own names. */
function keys(): Map<string, string> {
  const found = new Map<string, string>();
  const schema = z.toJSONSchema(minaNetwork, { io: "input" }) as Schema;
  const common = new Set(
    Object.keys(schema.properties!["nodes"]!.properties!).filter((key) => key !== "count"),
  );
  const visit = ({ properties = {} }: Schema, path: string) => {
    for (const [key, child] of Object.entries(properties)) {
      const inGroup = GROUPS.includes(path);
      if (inGroup && path !== "nodes" && common.has(key)) continue;
      const name = inGroup && common.has(key) ? key : path === "" ? key : `${path}.${key}`;
      if (child.properties !== undefined) visit(child, name);
      else if (child.items?.properties !== undefined) {
        found.set(name, "");
        visit(child.items, `${name}[]`);
      } else found.set(name, typeof child.default === "object" ? "" : `${child.default ?? ""}`);
    }
  };
  visit(schema, "");
  found.delete("protocol");
  return found;
}

describe("docs/mina.md", () => {
  const rows = new Map(
    [...PAGE.matchAll(/^\| `([^`]+)` +\| +([^|]*?) *\| /gm)].map(([, key = "", value = ""]) => [key, value]),
  );

  it("has a row for every setting, with the default that holds", () => {
    const missing = [...keys()].filter(([key, value]) => rows.get(key) !== value);
    assert.deepEqual(missing, []);
  });

  it("has no row for a setting that is none", () => {
    const known = keys();
    const settings = PAGE.slice(PAGE.indexOf("## Settings"), PAGE.indexOf("## How to join"));
    const named = [...settings.matchAll(/^\| `([^`]+)`/gm)].map(([, key = ""]) => key);
    // The whole pod of a coordinator has one row.
    assert.deepEqual(
      named.filter((key) => !known.has(key) && key !== "snark[].coordinator"),
      [],
    );
  });

  it("shows networks that can be planned", () => {
    const examples = [...PAGE.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = ""]) => {
      const value = parse(text) as { config?: object };
      return (value.config ?? value) as { "testnet:network": object };
    });
    assert.equal(examples.length, 2);
    for (const example of examples) assert.ok(planOf(example["testnet:network"]).daemons.length > 0);
  });

  it("names the images that are run", () => {
    for (const { images } of Object.values(MINA_RELEASES)) assert.ok(PAGE.includes(images.daemon));
  });
});
