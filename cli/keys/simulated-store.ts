import { Refused } from "../../plugin/provider";
import type { CloudClient } from "../../simulator/cloud/client";
import type { CloudMethods } from "../../simulator/cloud/protocol";
import { type KeyStore, alreadyExists, refused } from "./store";

export interface SimulatedSecrets {
  readonly cloud: string;
  readonly site: CloudMethods["secretPut"]["params"]["site"];
  /** Name of a secret in that cloud, and of which network it is. */
  readonly prefix: string;
}

/** The secret manager of a simulated cloud: what a rehearsal writes its keys to. */
export class SimulatedStore implements KeyStore {
  readonly place: string;

  constructor(
    private readonly client: CloudClient,
    private readonly secrets: SimulatedSecrets,
  ) {
    this.place = `the simulated ${secrets.cloud} in ${secrets.site.region}`;
  }

  async has(name: string): Promise<boolean> {
    return (await this.list()).includes(name);
  }

  async list(): Promise<string[]> {
    const { cloud, site, prefix } = this.secrets;
    const found = await this.told(prefix, "list its secrets", () =>
      this.client.ask("secretList", { cloud, site }),
    );
    return found
      .filter(({ name, versions }) => name.startsWith(prefix) && versions > 0)
      .map(({ name }) => name.slice(prefix.length))
      .sort();
  }

  async read(name: string): Promise<string | undefined> {
    const found = await this.told(name, "read this secret", () =>
      this.client.ask("secretGet", this.at(name)),
    );
    return found?.value;
  }

  async put(name: string, value: string): Promise<void> {
    await this.told(name, "write this secret", async () => {
      if (await this.has(name)) throw alreadyExists(this.place, name);
      await this.client.ask("secretPut", { ...this.at(name), value, onlyNew: true });
    });
  }

  async replace(name: string, value: string): Promise<void> {
    await this.told(name, "write this secret", () =>
      this.client.ask("secretPut", { ...this.at(name), value }),
    );
  }

  async delete(name: string): Promise<void> {
    await this.told(name, "delete this secret", () => this.client.ask("secretDelete", this.at(name)));
  }

  private at(name: string) {
    const { cloud, site, prefix } = this.secrets;
    return { cloud, site, name: `${prefix}${name}` };
  }

  private async told<T>(name: string, action: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (error.message.includes("already exists")) throw alreadyExists(this.place, name);
      throw refused({ place: this.place, name, action, words: error.message });
    }
  }
}
