import type { IAMClient } from "@aws-sdk/client-iam";
import { type CallerPlace, type CloudCaller, type RightsAnswer, notAnswered } from "./caller";

/** IAM and STS are the same in every region; the calls are signed for this one. */
const REGION = "us-east-1";

/** Rights asked for in one call. */
const AT_ONCE = 100;

/** The caller of an AWS account. Rights are simulated by IAM, for any resource. */
export class AwsCaller implements CloudCaller {
  constructor(private readonly place: CallerPlace) {}

  async whoAmI(): Promise<string> {
    const { GetCallerIdentityCommand, STSClient } = await import("@aws-sdk/client-sts");
    try {
      const { Arn } = await new STSClient(this.settings).send(new GetCallerIdentityCommand({}));
      if (Arn === undefined) throw new Error("the answer names nobody");
      return Arn;
    } catch (error) {
      throw notAnswered("aws", "sts:GetCallerIdentity", error);
    }
  }

  async lacking(rights: readonly string[]): Promise<RightsAnswer> {
    const { IAMClient } = await import("@aws-sdk/client-iam");
    const client = new IAMClient(this.settings);
    const caller = await this.whoAmI();
    if (caller.endsWith(":root")) return { lacking: [] };
    const principal = await principalOf(caller, client);
    if (principal === undefined) return { unknown: `IAM cannot simulate the rights of ${caller}` };
    try {
      return { lacking: await denied(client, principal, rights) };
    } catch (error) {
      // The right to ask is not one that deploying takes.
      if (isDenied(error)) {
        return { unknown: "asking takes the right iam:SimulatePrincipalPolicy, which is missing" };
      }
      throw notAnswered("aws", "iam:SimulatePrincipalPolicy", error);
    }
  }

  private get settings() {
    const { endpoint } = this.place;
    return { region: REGION, ...(endpoint !== undefined && { endpoint }) };
  }
}

async function denied(client: IAMClient, principal: string, rights: readonly string[]): Promise<string[]> {
  const { paginateSimulatePrincipalPolicy } = await import("@aws-sdk/client-iam");
  const lacking: string[] = [];
  for (let from = 0; from < rights.length; from += AT_ONCE) {
    const pages = paginateSimulatePrincipalPolicy(
      { client },
      { PolicySourceArn: principal, ActionNames: rights.slice(from, from + AT_ONCE) },
    );
    for await (const { EvaluationResults = [] } of pages) {
      const refused = EvaluationResults.filter(({ EvalDecision }) => EvalDecision !== "allowed");
      lacking.push(...refused.flatMap(({ EvalActionName }) => EvalActionName ?? []));
    }
  }
  return lacking.sort();
}

/** The user or role behind a caller: the ARN of a session does not tell the path of its role. */
async function principalOf(caller: string, client: IAMClient): Promise<string | undefined> {
  if (caller.includes(":user/")) return caller;
  const [, partition, account, role] = /^arn:([\w-]+):sts::(\d+):assumed-role\/([^/]+)\//.exec(caller) ?? [];
  if (partition === undefined || account === undefined || role === undefined) return undefined;
  const { GetRoleCommand } = await import("@aws-sdk/client-iam");
  try {
    const { Role } = await client.send(new GetRoleCommand({ RoleName: role }));
    return Role?.Arn;
  } catch (error) {
    if (isDenied(error)) return `arn:${partition}:iam::${account}:role/${role}`;
    throw notAnswered("aws", "iam:GetRole", error);
  }
}

function isDenied(error: unknown): boolean {
  return error instanceof Error && /^AccessDenied(Exception)?$/.test(error.name);
}
