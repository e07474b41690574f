import * as path from "node:path";
import type { ProgramName } from "../../../tools/catalog";
import { runAction } from "./actions/run-action";
import { afterStartHandler, type RunAction } from "./after-start";
import { chainFilesHandler } from "./chain-files";
import { genesisHandler } from "./genesis";
import { homeHandler } from "./home";
import { keysHandler, type MakeKeys } from "./keys";
import { processHandler } from "./process";
import type { ResolveProgram } from "./program";
import type { Handlers } from "./server";

/** What the resources need from other parts of the project; tests bring their own. */
export interface Dependencies {
  readonly makeKeys: MakeKeys;
  readonly resolveProgram: ResolveProgram;
  readonly runAction: RunAction;
}

/** The resource types of the provider by token. */
export function handlers(given: Partial<Dependencies> = {}): Handlers {
  const dependencies = { ...DEFAULTS, ...given };
  return {
    "testnet-local:index:Home": homeHandler(),
    "testnet-local:index:Keys": keysHandler(dependencies.makeKeys),
    "testnet-local:index:Genesis": genesisHandler(dependencies.resolveProgram),
    "testnet-local:index:ChainFiles": chainFilesHandler(dependencies.resolveProgram),
    "testnet-local:index:Process": processHandler(dependencies.resolveProgram),
    "testnet-local:index:AfterStart": afterStartHandler(dependencies.runAction),
  };
}

/** Loaded when first needed: most runs make no keys and build no tools, and the engine waits for this process. */
const DEFAULTS: Dependencies = {
  makeKeys: (requests, directories) => {
    const { makeKeys } = require("../../../keys/make") as typeof import("../../../keys/make");
    return makeKeys(requests, directories);
  },
  resolveProgram: async (name, options) => {
    if (path.isAbsolute(name)) return { path: name };
    const { resolveProgram } = require("../../../tools/resolve") as typeof import("../../../tools/resolve");
    return resolveProgram(name as ProgramName, options);
  },
  runAction,
};
