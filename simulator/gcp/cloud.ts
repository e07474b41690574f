import { CloudError, type Cloud } from "../cloud/model";
import type { Shapes } from "../cloud/shapes";
import { balancers } from "./balancers";
import { object, text } from "./common";
import { FUNCTIONS } from "./functions";
import { MODELS } from "./models";
import { isRegion, regionOf, REGIONS } from "./regions";
import { secretMounts } from "./secret-mounts";
import shapes from "./shapes.json";

const PROJECT = /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/;

/** The simulated GCP. */
export const gcp: Cloud = {
  name: "gcp",
  regionsApart: false,
  shapes: shapes as unknown as Shapes,
  models: Object.fromEntries(MODELS.map((model) => [model.type, model])),
  functions: FUNCTIONS,

  checkConfig: (config) => {
    const project = text(config, "project");
    const region = text(config, "region");
    const zone = text(config, "zone");
    if (project !== "" && !PROJECT.test(project)) return `Invalid project ID: ${project}`;
    if (region !== "" && !isRegion(region)) {
      return `Unknown region: ${region}. Known are ${REGIONS.join(", ")}`;
    }
    const isZone = regionOf(zone) !== undefined && !isRegion(zone);
    return zone === "" || isZone ? undefined : `Unknown zone: ${zone}`;
  },

  site: (config, inputs, model) => {
    const location = text(inputs, "region") || text(inputs, "location") || text(inputs, "zone");
    const region = regionOf(location) ?? (location.toLowerCase() || text(config, "region"));
    return {
      account: text(inputs, "project") || text(config, "project"),
      region: model.global === true ? "global" : region,
    };
  },

  enrich: (config, inputs, shape) => {
    if (!("effectiveLabels" in shape.outputs)) return inputs;
    const own = object(inputs["labels"] ?? inputs["resourceLabels"]);
    const pulumiLabels = { ...object(config["defaultLabels"]), ...own };
    return {
      ...inputs,
      pulumiLabels,
      effectiveLabels: { ...pulumiLabels, "goog-pulumi-provisioned": "true" },
    };
  },

  commonOutputs: ({ site, inputs }, shape) => ({
    ...("project" in shape.outputs && { project: site.account }),
    ...("deletionPolicy" in shape.outputs && { deletionPolicy: inputs["deletionPolicy"] ?? "DELETE" }),
  }),

  say: (verb, model, name, { code, message, status }) =>
    `Error ${verb} ${model.title} (${name}): googleapi: Error ${status}: ${message}, ${code}`,

  outage: new CloudError("backendError", "The service is currently unavailable. (simulated)", 503),

  mounts: secretMounts,
  balancers,
};
