/**
 * `npx tsx cli/comment/changed-main.ts < FILES`: which stacks a pull request changes, as one line of JSON. FILES are paths in the
 * repository, one a line, as `git diff --name-only BASE...HEAD` tells them.
 */
import * as fs from "node:fs";
import { PROGRAM_DIRECTORY } from "../context";
import { changedStacks } from "./changed-stacks";
import { knownStacks } from "./known-stacks";

const files = fs.readFileSync(0, "utf8").split("\n").filter(Boolean);
process.stdout.write(`${JSON.stringify(changedStacks(files, knownStacks(PROGRAM_DIRECTORY)))}\n`);
