import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { generatedFiles } from "../../cli/generate";
import { ERROR_CODES } from "../../errors/codes";
import { keysAt } from "../../stacks/config/json-schema";

const ROOT = path.resolve(__dirname, "../..");

describe("generated files", () => {
  it("are what `npm run generate` would write", async () => {
    for (const [name, content] of Object.entries(await generatedFiles())) {
      assert.equal(
        fs.readFileSync(path.join(ROOT, name), "utf8"),
        content,
        `${name}: run \`npm run generate\``,
      );
    }
  });

  it("every code has its heading on the error page", () => {
    const page = fs.readFileSync(path.join(ROOT, "docs/errors.md"), "utf8");
    for (const code of Object.keys(ERROR_CODES)) assert.match(page, new RegExp(`^### ${code}$`, "m"));
  });

  it("the schema describes every key a person may write", () => {
    const schema = JSON.parse(
      fs.readFileSync(path.join(ROOT, "stacks/config/stack.schema.json"), "utf8"),
    ) as object;
    const undescribed: string[] = [];
    const visit = (value: unknown, at: string): void => {
      if (typeof value !== "object" || value === null) return;
      for (const [key, child] of Object.entries(value)) {
        if (key === "properties") {
          for (const [name, property] of Object.entries(
            child as Record<string, { description?: string; const?: unknown }>,
          )) {
            if (property.description === undefined && property.const === undefined) {
              undescribed.push(`${at}.${name}`);
            }
            visit(property, `${at}.${name}`);
          }
        } else visit(child, at);
      }
    };
    visit((schema as { properties: { config: unknown } }).properties.config, "config");
    assert.deepEqual(undescribed, []);
  });

  it("keys of a place are found through lists and unions", () => {
    assert.deepEqual(keysAt([]), ["environment", "network", "created", "owner", "paused", "protect"]);
    assert.ok(keysAt(["network", "nodes", 0]).includes("count"));
    assert.deepEqual(keysAt(["network", "nodes", 0, "count"]), []);
  });

  it("shipped stack files name the schema in their first line", () => {
    for (const file of fs.readdirSync(ROOT).filter((name) => /^Pulumi\.[^.]+\.yaml$/.test(name))) {
      const [first] = fs.readFileSync(path.join(ROOT, file), "utf8").split("\n");
      assert.equal(first, "# yaml-language-server: $schema=./stacks/config/stack.schema.json", file);
    }
  });
});
