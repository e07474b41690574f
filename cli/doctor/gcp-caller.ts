import { type CallerPlace, type CloudCaller, type RightsAnswer, notAnswered } from "./caller";

const RESOURCE_MANAGER = "https://cloudresourcemanager.googleapis.com";
const TOKEN_INFO = "https://oauth2.googleapis.com";
const SCOPE = "https://www.googleapis.com/auth/cloud-platform";

/** Rights asked for in one call. */
const AT_ONCE = 100;

/** The caller of a GCP project. Rights are asked of the project. */
export class GcpCaller implements CloudCaller {
  private token: Promise<string> | undefined;

  constructor(private readonly place: CallerPlace) {}

  async whoAmI(): Promise<string> {
    try {
      // In the body: addresses get into logs.
      const { email, azp } = await this.ask<{ email?: string; azp?: string }>(
        `${this.place.endpoint ?? TOKEN_INFO}/tokeninfo`,
        new URLSearchParams({ access_token: await this.accessToken() }),
      );
      return email ?? azp ?? "a caller whose token names nobody";
    } catch (error) {
      throw notAnswered("gcp", "asking whose credentials these are", error);
    }
  }

  async lacking(rights: readonly string[]): Promise<RightsAnswer> {
    const { project, endpoint } = this.place;
    if (project === undefined) return { unknown: "no project is named" };
    const address = `${endpoint ?? RESOURCE_MANAGER}/v3/projects/${project}:testIamPermissions`;
    const held = new Set<string>();
    try {
      for (let from = 0; from < rights.length; from += AT_ONCE) {
        const permissions = rights.slice(from, from + AT_ONCE);
        const answer = await this.ask<{ permissions?: string[] }>(address, JSON.stringify({ permissions }));
        answer.permissions?.forEach((right) => held.add(right));
      }
    } catch (error) {
      throw notAnswered("gcp", `asking the project ${project} for rights`, error);
    }
    return { lacking: rights.filter((right) => !held.has(right)) };
  }

  private async ask<T>(address: string, body: string | URLSearchParams): Promise<T> {
    const response = await fetch(address, {
      method: "POST",
      headers: {
        authorization: `Bearer ${await this.accessToken()}`,
        ...(typeof body === "string" && { "content-type": "application/json" }),
      },
      body,
    });
    const answer = (await response.json().catch(() => ({}))) as {
      error?: { message?: string } | string;
    };
    if (response.ok) return answer as T;
    const { error } = answer;
    const words = typeof error === "object" ? error.message : error;
    throw new Error(`${response.status}: ${words ?? response.statusText}`);
  }

  private accessToken(): Promise<string> {
    this.token ??= (this.place.token ?? defaultToken)();
    return this.token;
  }
}

async function defaultToken(): Promise<string> {
  const { GoogleAuth } = await import("google-auth-library");
  const token = await new GoogleAuth({ scopes: SCOPE }).getAccessToken();
  if (typeof token !== "string") throw new Error("the application default credentials give no access token");
  return token;
}
