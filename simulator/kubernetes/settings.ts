/** What a rehearsal tells the simulated `kubernetes` provider, as JSON in an environment variable. */
export interface KubernetesSettings {
  /** Folder of this rehearsal for files the plugins write: the engine ends plugins without asking. */
  readonly directory: string;
  /** Path of Helm. */
  readonly helm: string;
  /** Folder of real charts (`NAME-VERSION.tgz` or `NAME/`). @default none: stand-ins of ours */
  readonly charts?: string;
  /** Folder of the program's project, which local charts are relative to. @default the plugin's working directory */
  readonly root?: string;
  /** Whether simulated clouds keep time and want to be told of work. @default false: work takes what it takes */
  readonly simulatedTime?: boolean;
}

export const KUBERNETES_SETTINGS = "TESTNET_SIMULATOR_KUBERNETES";

export function readSettings(env: NodeJS.ProcessEnv): KubernetesSettings {
  const text = env[KUBERNETES_SETTINGS];
  if (text === undefined) {
    throw new Error(`${KUBERNETES_SETTINGS} is not set: this plugin runs in a rehearsal only`);
  }
  return JSON.parse(text) as KubernetesSettings;
}
