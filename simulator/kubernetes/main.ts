import { listen } from "../../plugin/listen";

/** The plugin process `pulumi-resource-kubernetes` of a rehearsal. The last argument is the address of the engine. */
listen((server) => {
  const { PluginServer } = require("../../plugin/server") as typeof import("../../plugin/server");
  const { serve } = require("../../plugin/serve") as typeof import("../../plugin/serve");
  const { EngineLog } = require("../../plugin/engine-log") as typeof import("../../plugin/engine-log");
  const { KubernetesProvider } = require("./provider") as typeof import("./provider");
  const { readSettings } = require("./settings") as typeof import("./settings");
  const { workClock } = require("./work-clock") as typeof import("./work-clock");
  const { version } = require("@pulumi/kubernetes/package.json") as { version: string };
  const settings = readSettings(process.env);
  const provider = new KubernetesProvider(version, settings, workClock(settings));
  serve(server, new PluginServer(provider, new EngineLog(process.argv.slice(2).at(-1))));
});
