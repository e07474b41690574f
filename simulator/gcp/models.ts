import type { Model } from "../cloud/model";
import { cluster } from "./gke";
import { MEMBERS } from "./members";
import { NETWORKING } from "./network";
import { nodePool } from "./node-pools";
import { SERVICES } from "./services";

/** Every type of GCP that is simulated. */
export const MODELS: readonly Model[] = [...NETWORKING, cluster, nodePool, ...SERVICES, ...MEMBERS];
