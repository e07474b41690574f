import * as fs from "node:fs";
import * as path from "node:path";
import { socketOf } from "../cloud/socket";

/** Programs that kubeconfigs of the clouds ask for a token. */
const ANSWERED = ["aws", "gke-gcloud-auth-plugin"] as const;

/** Writes them into a folder that is to stand first in PATH. */
export function writeShims(folder: string, directory: string): void {
  const script = path.join(__dirname, "token-shim.js");
  fs.mkdirSync(folder, { recursive: true });
  for (const name of ANSWERED) {
    const words = [process.execPath, script, name, socketOf(directory)].map(quoted).join(" ");
    fs.writeFileSync(path.join(folder, name), `#!/bin/sh\nexec ${words} "$@"\n`, { mode: 0o755 });
  }
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
