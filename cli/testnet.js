#!/usr/bin/env node
// The one JavaScript file of the CLI: it lets Node read TypeScript, then hands over. Sources are compiled as they are
// loaded (and cached by content), so what runs is always what stands in the files.
"use strict";
require("tsx/cjs");
require("./main.ts")
  .main(process.argv.slice(2))
  .then((status) => {
    process.exitCode = status;
  });
