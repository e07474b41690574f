// Where the engine starts the pack. Pulumi's own host compiles TypeScript with a type check, which for the SDKs of the
// clouds takes long: this hands the files to tsx instead, after whatever that host has put in place.
"use strict";
require("tsx/cjs/api").register();
require("./pack.ts");
