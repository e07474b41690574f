import type { JoinOutputs } from "./outputs";

/** What an outsider reads: how to check the files, and the one command to run. */
export function joinReadme(outputs: JoinOutputs, files: readonly string[]): string {
  const { network, protocol, era, join } = outputs;
  const { command, notes, url } = join;
  return [
    `# Join ${network}`,
    `How to run a node of your own in the ${protocol} network ${network}, era ${era}.`,
    "Check the files, in this directory:",
    fenced("sha256sum --check SHA256SUMS"),
    ...(command.length === 0 ? [] : ["Then run:", fenced(shellCommand(command))]),
    ...notes,
    ...serviceLines(outputs).map((line) => `${line}. There is no TLS: send nothing there that is secret.`),
    "## Files",
    files.map((file) => `- \`${file}\``).join("\n"),
    ...(url === undefined ? [] : [`The files of the chain are published at <${url}>.`]),
    `When the network starts a new era, this bundle is of no use any more: fetch it again.`,
    "",
  ].join("\n\n");
}

/** What users of the network may ask without a node of their own, one sentence each, without its full stop. */
export function serviceLines({ publicServices }: Pick<JoinOutputs, "publicServices">): string[] {
  return publicServices.flatMap(({ title, url }) =>
    url === undefined ? [] : [`Without a node of your own, ask the network's ${title} at ${url}`],
  );
}

function fenced(text: string): string {
  return `\`\`\`sh\n${text}\n\`\`\``;
}

/** The words as a shell takes them, one argument with its value a line. */
export function shellCommand(words: readonly string[]): string {
  return words
    .map(quoted)
    .reduce<string[]>((lines, word) => {
      const last = lines.at(-1);
      // A value follows its flag; the first words name the program.
      if (last === undefined || (word.startsWith("-") && lines.length > 0)) return [...lines, word];
      return [...lines.slice(0, -1), `${last} ${word}`];
    }, [])
    .join(" \\\n  ");
}

function quoted(word: string): string {
  return /^[A-Za-z0-9_./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
