import { CATALOG } from "../../../stacks/catalog/catalog";
import { type EnvironmentDocument, environmentDocument } from "../../../stacks/environment-document";
import { outputsOf, type StackState } from "../../list/state";
import { AwsInventory } from "./aws";
import { Route53Records } from "./aws-records";
import { GcpInventory } from "./gcp";
import type { CloudInventory } from "./inventory";

/** Route 53 is one for all regions, and answers in this one. */
const GLOBAL_REGION = "us-east-1";

/** The one place where orphans know a cloud: where to look, by the environments that the backend knows. */
const CLOUDS: Readonly<
  Record<
    EnvironmentDocument["zone"]["cloud"],
    (documents: readonly EnvironmentDocument[]) => CloudInventory[]
  >
> = {
  aws: (documents) => {
    const zones = documents.flatMap(({ zone, domain }) =>
      zone.cloud === "aws" ? [{ id: zone.id, domain }] : [],
    );
    return [
      // An environment that is gone may have been anywhere.
      ...Object.keys(CATALOG.aws.regions).map((region) => new AwsInventory({ region })),
      ...zones.map((zone) => new Route53Records(zone, { region: GLOBAL_REGION })),
    ];
  },
  gcp: (documents) => {
    const projects = new Set(documents.flatMap(projectsOf));
    return [...projects].map((project) => {
      const zones = documents.flatMap(({ zone, domain }) =>
        zone.cloud === "gcp" && zone.project === project ? [{ id: zone.id, domain }] : [],
      );
      return new GcpInventory({ project, zones });
    });
  },
};

/** Clouds that are searched: those of the environments known, in all their regions and projects. */
export function inventoriesOf(states: readonly StackState[]): CloudInventory[] {
  const documents = states.flatMap((state) => {
    const document = environmentDocument.safeParse(outputsOf(state)["environment"]);
    return document.success ? [document.data] : [];
  });
  const clouds = new Set(
    documents.flatMap(({ clusters, zone }) => [zone.cloud, ...clusters.map(({ cloud }) => cloud)]),
  );
  return [...clouds].flatMap((cloud) => CLOUDS[cloud](documents));
}

function projectsOf({ clusters, zone }: EnvironmentDocument): string[] {
  const ofClusters = clusters.flatMap(({ facts }) => (facts.cloud === "gcp" ? [facts.project] : []));
  return zone.project === undefined ? ofClusters : [...ofClusters, zone.project];
}
