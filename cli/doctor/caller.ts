import { TestnetError } from "../../errors/problem";
import type { CloudName } from "../../components/contracts";

/** One account of a cloud, as the credentials of this machine see it. */
export interface CloudCaller {
  /** Who the credentials are of. @throws TestnetError TN2053 where they do not work */
  whoAmI(): Promise<string>;
  /** Which of these rights the credentials lack, asked of the cloud itself. @throws TestnetError TN2053 */
  lacking(rights: readonly string[]): Promise<RightsAnswer>;
}

export type RightsAnswer =
  | { readonly lacking: readonly string[] }
  /** The cloud cannot tell for such a caller, and why. */
  | { readonly unknown: string };

/** Of what a caller is made. */
export interface CallerPlace {
  /** Of GCP. */
  readonly project: string | undefined;
  /** Another address than the cloud's, for tests. */
  readonly endpoint?: string;
  /** A fresh access token in the place of that of the application default credentials, for tests. */
  readonly token?: () => Promise<string>;
}

/** The cloud did not take the credentials, or did not answer. */
export function notAnswered(cloud: CloudName, action: string, error: unknown): TestnetError {
  return new TestnetError(
    { code: "TN2053", at: cloud, message: `${action} failed: ${wordsOf(error)}` },
    { cause: error },
  );
}

/** What `fetch` says of a failure is in its cause. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const told = error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
  return `${error.name === "Error" ? "" : `${error.name}: `}${told}`;
}
