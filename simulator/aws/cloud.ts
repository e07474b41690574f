import { CloudError, type Cloud, type Model } from "../cloud/model";
import type { Shapes } from "../cloud/shapes";
import { object, strings, text } from "./common";
import { FUNCTIONS } from "./functions";
import { MODELS } from "./models";
import { isRegion, REGIONS } from "./regions";
import { secretMounts } from "./secret-mounts";
import shapes from "./shapes.json";

/** The account of simulated programs that do not name theirs: the one of AWS's own documentation. */
const ACCOUNT = "123456789012";

/** The simulated AWS. */
export const aws: Cloud = {
  name: "aws",
  regionsApart: true,
  shapes: shapes as unknown as Shapes,
  models: Object.fromEntries(MODELS.map((model) => [model.type, model])),
  functions: FUNCTIONS,

  checkConfig: (config) => {
    const region = text(config, "region");
    if (region === "") return "Missing region configuration: set aws:region";
    if (!isRegion(region)) return `Invalid AWS Region: ${region}. Known are ${REGIONS.join(", ")}`;
    return undefined;
  },

  site: (config, inputs, model) => ({
    account: strings(config["allowedAccountIds"])[0] ?? ACCOUNT,
    region: model.global === true ? "global" : text(inputs, "region") || text(config, "region"),
  }),

  enrich: (config, inputs, shape) => {
    if (!("tagsAll" in shape.outputs)) return inputs;
    const defaults = object(object(config["defaultTags"])["tags"]);
    return { ...inputs, tagsAll: { ...defaults, ...object(inputs["tags"]) } };
  },

  commonOutputs: ({ site }, shape) => ("region" in shape.outputs ? { region: site.region } : {}),

  say: (verb, model: Model, name, { code, message, status }) =>
    `${verb} ${model.title} (${name}): operation error ${model.title.split(" ")[0] ?? ""}, https response error StatusCode: ${status}, api error ${code}: ${message}`,

  outage: new CloudError(
    "ServiceUnavailable",
    "The service is unavailable. Please try again shortly. (simulated)",
    503,
  ),

  mounts: secretMounts,
};
