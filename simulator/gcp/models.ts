import type { Model } from "../cloud/model";
import { DNS } from "./dns";
import { cluster } from "./gke";
import { MEMBERS } from "./members";
import { NETWORKING } from "./network";
import { nodePool } from "./node-pools";
import { SERVICES } from "./services";
import { STORAGE } from "./storage";

/** Every type of GCP that is simulated. */
export const MODELS: readonly Model[] = [
  ...NETWORKING,
  cluster,
  nodePool,
  ...DNS,
  ...STORAGE,
  ...SERVICES,
  ...MEMBERS,
];
