import * as fs from "node:fs";
import * as path from "node:path";
import type { PreviewChange, PreviewRecord } from "../../../cli/preview/record";

export const RECORDS = path.join(__dirname, "records");

export function recordText(name: string): string {
  return fs.readFileSync(path.join(RECORDS, name), "utf8");
}

/** A record with as many changes as wanted, of every operation. */
export function largeRecord(changes: number, of: Partial<PreviewRecord> = {}): PreviewRecord {
  const operations = ["replace", "delete", "create", "update"] as const;
  return {
    version: 1,
    stack: "prod",
    kind: "environment",
    ok: true,
    changes: Array.from({ length: changes }, (_, index): PreviewChange => {
      const operation = operations[Math.floor((index * operations.length) / changes)] ?? "update";
      const type = `aws:ec2/kind${index % 12}:Kind${index % 12}`;
      const name = `use1-a-rather-long-name-of-a-resource-${index}`;
      const changed = operation === "update" || operation === "replace";
      return {
        operation,
        type,
        name,
        urn: `urn:pulumi:prod::testnet::${type}::${name}`,
        properties: changed ? ["tags.commit", "settings[0].value"] : [],
        replaceProperties: operation === "replace" ? ["settings[0].value"] : [],
      };
    }),
    unchanged: 3,
    cost: undefined,
    policy: undefined,
    problems: [],
    ...of,
  };
}
