import { listen } from "../../../plugin/listen";

/** The plugin process. The last argument is the address of the engine. */
listen((server) => {
  const { EngineLog } = require("../../../plugin/engine-log") as typeof import("../../../plugin/engine-log");
  const { serve } = require("../../../plugin/serve") as typeof import("../../../plugin/serve");
  const { handlers } = require("./handlers") as typeof import("./handlers");
  const { ProviderServer } = require("./server") as typeof import("./server");
  serve(server, new ProviderServer(handlers(), new EngineLog(process.argv.slice(2).at(-1))));
});
