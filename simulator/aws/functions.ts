import type { Cloud } from "../cloud/model";
import { strings } from "./common";
import { zoneId, zonesOf } from "./regions";
import { serviceQuota } from "./service-quotas";

/** Functions (data sources) of the AWS SDK that programs of ours use. */
export const FUNCTIONS: Cloud["functions"] = {
  "aws:index/getCallerIdentity:getCallerIdentity": (_, { account }) => ({
    id: account,
    accountId: account,
    arn: `arn:aws:iam::${account}:user/rehearsal`,
    userId: "AIDAREHEARSAL",
  }),

  "aws:index/getAvailabilityZones:getAvailabilityZones": (args, { region }) => {
    const names = zonesOf(region).filter(
      (zone) =>
        !strings(args["excludeZoneIds"]).includes(zoneId(zone)) &&
        !strings(args["excludeNames"]).includes(zone),
    );
    return {
      ...args,
      id: region,
      region,
      names,
      zoneIds: names.map(zoneId),
      groupNames: [region],
    };
  },

  "aws:iam/getSessionContext:getSessionContext": (args) => {
    const arn = String(args["arn"]);
    const [, account = "", role = "", session = ""] =
      /^arn:aws:sts::(\d+):assumed-role\/([^/]+)\/(.+)$/.exec(arn) ?? [];
    const issuerArn = role === "" ? arn : `arn:aws:iam::${account}:role/${role}`;
    return {
      id: arn,
      arn,
      issuerArn,
      issuerId: role === "" ? "" : "AROAREHEARSAL",
      issuerName: role,
      sessionName: session,
    };
  },

  "aws:servicequotas/getServiceQuota:getServiceQuota": serviceQuota,

  "aws:index/getPartition:getPartition": (_, { region }) => ({
    id: "aws",
    partition: "aws",
    dnsSuffix: "amazonaws.com",
    reverseDnsPrefix: "com.amazonaws",
    region,
  }),
};
