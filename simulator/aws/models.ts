import type { Model } from "../cloud/model";
import { ADD_ONS } from "./addons";
import { COMPUTE } from "./compute";
import { DNS } from "./dns";
import { EKS } from "./eks";
import { FIREWALL } from "./firewall";
import { IDENTITY } from "./identity";
import { LOAD_BALANCING } from "./load-balancing";
import { NETWORK } from "./network";
import { nodeGroup } from "./node-groups";
import { SERVICES } from "./services";
import { STORAGE } from "./storage";

/** Every type of AWS that is simulated. */
export const MODELS: readonly Model[] = [
  ...NETWORK,
  ...FIREWALL,
  ...COMPUTE,
  ...IDENTITY,
  ...EKS,
  nodeGroup,
  ...ADD_ONS,
  ...LOAD_BALANCING,
  ...STORAGE,
  ...DNS,
  ...SERVICES,
];
