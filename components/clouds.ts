import type * as pulumi from "@pulumi/pulumi";
import type {
  ArtifactsFacts,
  CloudName,
  CloudRegion,
  ClusterFacts,
  ClusterServices,
  PublishArgs,
  RecordArgs,
  ZoneFacts,
} from "./contracts";

export interface RegionArgs {
  readonly region: string;
  /** Of GCP only: whose resources these are. */
  readonly project: string | undefined;
}

/**
 * The one place that picks a cloud. Its SDK is loaded with it, so a stack pays only for the clouds it stands on, and a
 * network on this machine for none.
 */
const CLOUDS: Readonly<Record<CloudName, (name: string, args: RegionArgs) => CloudRegion>> = {
  aws: (name, { region }) => {
    const { AwsRegion } = require("./aws/region") as typeof import("./aws/region");
    return new AwsRegion(name, region);
  },
  gcp: (name, { region, project }) => {
    const { GcpRegion } = require("./gcp/region") as typeof import("./gcp/region");
    if (project === undefined) throw new Error(`a region of gcp needs a project (${name})`);
    return new GcpRegion(name, { region, project });
  },
};

/** A region of a cloud, behind a provider of its own. */
export function cloudRegion(cloud: CloudName, name: string, args: RegionArgs): CloudRegion {
  return CLOUDS[cloud](name, args);
}

/** The services of a cluster that another stack made, from what that stack tells of it. */
export function clusterServices(facts: ClusterFacts): ClusterServices {
  switch (facts.cloud) {
    case "aws": {
      const { eksServices } = require("./aws/services") as typeof import("./aws/services");
      return eksServices(facts);
    }
    case "gcp": {
      const { gkeServices } = require("./gcp/services") as typeof import("./gcp/services");
      return gkeServices(facts);
    }
  }
}

/** The image of a cloud's {@link PasswordWriter}: known before there is a cluster. */
export function passwordWriterImage(cloud: CloudName): string {
  switch (cloud) {
    case "aws": {
      const { PASSWORD_WRITER_IMAGE } = require("./aws/secrets") as typeof import("./aws/secrets");
      return PASSWORD_WRITER_IMAGE;
    }
    case "gcp": {
      const { PASSWORD_WRITER_IMAGE } = require("./gcp/secrets") as typeof import("./gcp/secrets");
      return PASSWORD_WRITER_IMAGE;
    }
  }
}

/** Adds a record to a zone that another stack made. */
export function dnsRecord(
  name: string,
  zone: ZoneFacts,
  args: RecordArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.CustomResource {
  switch (zone.cloud) {
    case "aws": {
      const { awsRecord } = require("./aws/dns-zone") as typeof import("./aws/dns-zone");
      return awsRecord(name, { ...args, zoneId: zone.id, domain: zone.domain }, opts);
    }
    case "gcp": {
      const { gcpRecord } = require("./gcp/dns-zone") as typeof import("./gcp/dns-zone");
      const { project, id: managedZone, domain } = zone;
      if (project === undefined) throw new Error(`a zone of gcp needs a project (${name})`);
      return gcpRecord(name, { ...args, project, managedZone, domain }, opts);
    }
  }
}

/** Publishes a text in a bucket that another stack made. */
export function publish(
  name: string,
  artifacts: ArtifactsFacts,
  args: PublishArgs,
  tags: Readonly<Record<string, string>>,
  opts: pulumi.CustomResourceOptions,
): pulumi.CustomResource {
  switch (artifacts.cloud) {
    case "aws": {
      const { awsPublish } = require("./aws/artifacts") as typeof import("./aws/artifacts");
      return awsPublish(name, artifacts, args, tags, opts);
    }
    case "gcp": {
      const { gcpPublish } = require("./gcp/artifacts") as typeof import("./gcp/artifacts");
      return gcpPublish(name, artifacts, args, opts);
    }
  }
}
