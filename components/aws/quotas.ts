import { getServiceQuota } from "@pulumi/aws/servicequotas/getServiceQuota";
import type * as pulumi from "@pulumi/pulumi";
import type { Metered, Quota } from "../contracts";

/** The codes of Service Quotas: the same in every account and region. Every machine of the catalog is a Standard one. */
const CODES: Readonly<Record<Metered, { readonly service: string; readonly code: string }>> = {
  onDemandCpus: { service: "ec2", code: "L-1216C47A" },
  spotCpus: { service: "ec2", code: "L-34B43A08" },
  networks: { service: "vpc", code: "L-F678F1CE" },
  clusters: { service: "eks", code: "L-1194D53C" },
};

/** What the account may have in a region: the quotas as applied to it, or their defaults where none is. All asked at once. */
export function awsQuotas(
  of: readonly Metered[],
  region: string,
  provider: pulumi.ProviderResource,
): Promise<readonly Quota[]> {
  return Promise.all(
    of.map(async (metered) => {
      const { service, code } = CODES[metered];
      const { quotaName, value } = await getServiceQuota(
        { serviceCode: service, quotaCode: code },
        { provider },
      );
      return {
        of: metered,
        name: quotaName,
        code,
        allowed: value,
        raise: (to: number) =>
          `Run \`aws service-quotas request-service-quota-increase --region ${region} --service-code ${service} --quota-code ${code} --desired-value ${to}\`, or ask on https://${region}.console.aws.amazon.com/servicequotas/home/services/${service}/quotas/${code}.`,
      };
    }),
  );
}
