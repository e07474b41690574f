import * as os from "node:os";
import * as path from "node:path";

/** `~` is the home directory; a relative path starts at the stack file. */
export function fileAt(directory: string, file: string): string {
  return path.resolve(directory, file.replace(/^~(?=\/|$)/, os.homedir()));
}
