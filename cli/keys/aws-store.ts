import type {
  CreateSecretCommandInput,
  SecretsManagerClient,
  SecretsManagerServiceException,
} from "@aws-sdk/client-secrets-manager";
import { type KeyStore, type StoreOwner, alreadyExists, refused } from "./store";

export interface AwsSecrets {
  readonly region: string;
  /** Another address than the cloud's, for tests. */
  readonly endpoint?: string;
  /** How often a call that was throttled is made. Default 6, with growing pauses. */
  readonly attempts?: number;
}

/** Secrets Manager of one region. The account is that of the caller's credentials. */
export class AwsStore implements KeyStore {
  readonly place: string;
  private readonly prefix: string;
  private opened: Promise<SecretsManagerClient> | undefined;

  constructor(
    private readonly secrets: AwsSecrets,
    private readonly owner: StoreOwner,
  ) {
    this.place = `Secrets Manager in ${secrets.region}`;
    this.prefix = awsSecretName(owner.network, "");
  }

  async has(name: string): Promise<boolean> {
    return (await this.list()).includes(name);
  }

  list(): Promise<string[]> {
    return this.told(this.owner.network, "list its secrets", "secretsmanager:ListSecrets", async () => {
      const { paginateListSecrets } = await import("@aws-sdk/client-secrets-manager");
      const names: string[] = [];
      const pages = paginateListSecrets(
        { client: await this.client(), pageSize: 100 },
        { Filters: [{ Key: "name", Values: [this.prefix] }] },
      );
      for await (const { SecretList = [] } of pages) {
        // The filter matches words anywhere in it, case aside.
        const ours = SecretList.flatMap(({ Name }) => (Name?.startsWith(this.prefix) === true ? [Name] : []));
        names.push(...ours.map((name) => name.slice(this.prefix.length)));
      }
      return names.sort();
    });
  }

  read(name: string): Promise<string | undefined> {
    return this.told(name, "read this secret", "secretsmanager:GetSecretValue", async () => {
      const { GetSecretValueCommand } = await import("@aws-sdk/client-secrets-manager");
      const client = await this.client();
      try {
        return (await client.send(new GetSecretValueCommand({ SecretId: this.id(name) }))).SecretString;
      } catch (error) {
        if (isKind(error, "ResourceNotFoundException")) return undefined;
        throw error;
      }
    });
  }

  async put(name: string, value: string): Promise<void> {
    await this.told(name, "make this secret", "secretsmanager:CreateSecret", async () => {
      const { CreateSecretCommand } = await import("@aws-sdk/client-secrets-manager");
      const input: CreateSecretCommandInput = {
        Name: this.id(name),
        SecretString: value,
        Description: `Private files of ${name} of the test network ${this.owner.network}`,
        Tags: this.tags(name),
      };
      const client = await this.client();
      try {
        await client.send(new CreateSecretCommand(input));
      } catch (error) {
        throw isKind(error, "ResourceExistsException") ? alreadyExists(this.place, name) : error;
      }
    });
  }

  async replace(name: string, value: string): Promise<void> {
    await this.told(name, "write this secret", "secretsmanager:PutSecretValue", async () => {
      const { PutSecretValueCommand } = await import("@aws-sdk/client-secrets-manager");
      const client = await this.client();
      await client.send(new PutSecretValueCommand({ SecretId: this.id(name), SecretString: value }));
    });
  }

  async delete(name: string): Promise<void> {
    await this.told(name, "delete this secret", "secretsmanager:DeleteSecret", async () => {
      const { DeleteSecretCommand } = await import("@aws-sdk/client-secrets-manager");
      const client = await this.client();
      // No error where there is none. Without this word the name would be taken for 7 days at least.
      await client.send(
        new DeleteSecretCommand({ SecretId: this.id(name), ForceDeleteWithoutRecovery: true }),
      );
    });
  }

  private id(name: string): string {
    return `${this.prefix}${name}`;
  }

  private tags(name: string) {
    return [
      { Key: "testnet-network", Value: this.owner.network },
      { Key: "testnet-daemon", Value: name },
      { Key: "testnet-stack", Value: this.owner.stack },
    ];
  }

  private client(): Promise<SecretsManagerClient> {
    this.opened ??= this.open();
    return this.opened;
  }

  private async open(): Promise<SecretsManagerClient> {
    const { SecretsManagerClient } = await import("@aws-sdk/client-secrets-manager");
    const { region, endpoint, attempts = 6 } = this.secrets;
    return new SecretsManagerClient({
      region,
      maxAttempts: attempts,
      ...(endpoint !== undefined && { endpoint }),
    });
  }

  private async told<T>(name: string, action: string, right: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!isOfCloud(error)) throw error;
      const denied = isKind(error, "AccessDeniedException");
      const words = `${error.name}: ${error.message}`;
      throw refused({ place: this.place, name, action, words, ...(denied && { right }) });
    }
  }
}

/** Name of a pod's secret. The grants of components/aws/daemon-secrets.ts name it, too. */
export function awsSecretName(network: string, pod: string): string {
  return `testnet/${network}/${pod}`;
}

function isKind(error: unknown, kind: string): boolean {
  return error instanceof Error && error.name === kind;
}

/** Errors of the service, of its credentials and of the network, but no mistake of ours. */
function isOfCloud(error: unknown): error is SecretsManagerServiceException | Error {
  if (!(error instanceof Error)) return false;
  const { $metadata, code } = error as { $metadata?: unknown; code?: unknown };
  return $metadata !== undefined || code !== undefined || error.name === "CredentialsProviderError";
}
