import * as fs from "node:fs";
import * as path from "node:path";
import type { KeyRequest } from "../../../protocols/plan";
import { writeJson } from "../json-file";
import type { KeysArgs } from "../resources";
import type { ResourceHandler } from "./handler";
import { refuseWhileRunning } from "./living";
import { makeDirectories, networkHome, readPublicKeys, remove } from "./places";
import { stopInterruptedStarts } from "./stop-daemon";

/**
 * Makes the keys that are missing, never changes one that exists, and returns the public parts of all by reference.
 * Private parts are files in `secrets`; `publicKeys` is the file of the public parts.
 */
export type MakeKeys = (
  requests: readonly KeyRequest[],
  directories: { readonly secrets: string; readonly publicKeys: string },
) => Promise<Record<string, string>>;

interface KeysOutputs {
  readonly publicKeys: Record<string, string>;
}

/** The keys of one era, and with them its directory; see KeysResource. */
export function keysHandler(makeKeys: MakeKeys): ResourceHandler<KeysArgs, KeysOutputs> {
  const make = async ({ network, era, requests }: KeysArgs, home: string): Promise<KeysOutputs> => {
    const eraHome = networkHome(home, network).era(era);
    makeDirectories(eraHome.directory, eraHome.secrets, eraHome.shared);
    const { secrets, publicKeys: file } = eraHome;
    const publicKeys = requests.length === 0 ? {} : await makeKeys(requests, { secrets, publicKeys: file });
    makePrivate(secrets);
    writeJson(file, publicKeys);
    return { publicKeys };
  };

  return {
    computed: { publicKeys: "volatile" },
    replacedBy: ["network", "era"],

    async create(inputs, { home }) {
      return { id: `${inputs.network}/${inputs.era}`, outputs: await make(inputs, home) };
    },

    read({ network, era }, { home }) {
      const eraHome = networkHome(home, network).era(era);
      const publicKeys = readPublicKeys(eraHome);
      return publicKeys !== undefined && fs.existsSync(eraHome.secrets) ? { publicKeys } : undefined;
    },

    update({ inputs }, { home }) {
      return make(inputs, home);
    },

    async delete({ network: name, era }, operation) {
      const network = networkHome(operation.home, name);
      await stopInterruptedStarts(network, operation, era);
      refuseWhileRunning(network, name, era);
      remove(network.era(era).directory);
    },
  };
}

/** Whatever made the files: nobody but the owner reads them. */
function makePrivate(directory: string): void {
  fs.chmodSync(directory, 0o700);
  for (const entry of fs.readdirSync(directory, { withFileTypes: true })) {
    const file = path.join(directory, entry.name);
    if (entry.isDirectory()) makePrivate(file);
    else if (entry.isFile()) fs.chmodSync(file, 0o600);
  }
}
