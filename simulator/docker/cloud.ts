import { CloudError, type Cloud } from "../cloud/model";
import type { Shapes } from "../cloud/shapes";
import { FUNCTIONS } from "./functions";
import { MODELS } from "./models";
import shapes from "./shapes.json";

/** A simulated Docker daemon with the registries it pushes to. */
export const docker: Cloud = {
  name: "docker",
  regionsApart: false,
  shapes: shapes as unknown as Shapes,
  models: Object.fromEntries(MODELS.map((model) => [model.type, model])),
  functions: FUNCTIONS,
  checkConfig: () => undefined,
  site: (config) => ({
    account: typeof config["host"] === "string" ? config["host"] : "local",
    region: "global",
  }),
  enrich: (_, inputs) => inputs,
  commonOutputs: () => ({}),
  say: (verb, model, name, { message }) => `Error ${verb} ${model.title} ${name}: ${message}`,
  outage: new CloudError(
    "unavailable",
    "received unexpected HTTP status: 503 Service Unavailable (simulated)",
    503,
  ),
};
