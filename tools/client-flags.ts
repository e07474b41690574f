/**
 * Reads the flags a client knows from its own `--help`, so that the tables in protocols/ethereum/flags are the client's
 * words and not ours. `npm run generate` rewrites the tables; a test compares them with the real clients.
 */

/** All long flag names of a urfave/cli help text, without dashes, sorted. Aliases count as names. */
export function flagsInHelp(help: string): string[] {
  const names = new Set<string>();
  for (const line of help.split("\n")) {
    if (!/^\s+--?[a-zA-Z]/.test(line)) continue;
    for (const part of line.trim().split(", ")) {
      const match = /^--([a-zA-Z][a-zA-Z0-9._-]*)(?:[ \t]|$)/.exec(part);
      if (match === null && !/^-[a-zA-Z]( |$)/.test(part)) break;
      if (match?.[1] !== undefined) names.add(match[1]);
    }
  }
  return [...names].sort();
}
