import { wordlist } from "@scure/bip39/wordlists/english.js";

/**
 * Words of others in a page of Markdown. Names, types and messages of a record come from whoever wrote the pull request,
 * so nothing of them may be read as Markdown, HTML, a mention or a link. Pure.
 */

/** The longest piece of foreign text that is shown, in characters before escaping. */
const LONGEST = 300;

/** What of a text is read at all: long enough that no key is cut where it would not be known any more. */
const LONGEST_READ = 2000;

/** Characters that mean nothing to Markdown inside of `<code>`; all other ASCII is written as an entity. */
const HARMLESS = /[A-Za-z0-9 ,;/-]/;

/** Controls, marks that turn the direction of writing, unpaired surrogates, and what breaks lines. */
const UNSEEN = /[\p{C}\p{Zl}\p{Zp}]/gu;

/** A text as code: shown as it is, read as nothing. Mentions, issue numbers and addresses are not linked inside of code. */
export function code(text: string, longest = LONGEST): string {
  return `<code>${escaped(clipped(oneLine(withoutSecrets(text.slice(0, LONGEST_READ))), longest))}</code>`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").replace(UNSEEN, "\ufffd").trim() || "?";
}

function clipped(text: string, longest: number): string {
  const characters = Array.from(text);
  return characters.length <= longest ? text : `${characters.slice(0, longest - 1).join("")}…`;
}

function escaped(text: string): string {
  return Array.from(text)
    .map((character) =>
      character > "\u007f" || HARMLESS.test(character) ? character : `&#${character.codePointAt(0) ?? 63};`,
    )
    .join("");
}

/** What keys and tokens look like. A record holds none; a message of a tool that failed might. */
const SECRETS: readonly RegExp[] = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  /\b(AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /\b(gh[pousr]_|github_pat_|glpat-|xox[abprs]-|pul-|ya29\.)[\w.-]{10,}/g,
  /\bAIza[\w-]{35}/g,
  /\beyJ[\w-]{10,}\.[\w-]{10,}(\.[\w-]*)?/g,
  /(?<=\b(?:password|passphrase|secret|token)["']?\s*[=:]\s*)["']?[^\s"',;]{6,}/gi,
  // A private key as hex; digests say what they are.
  /(?<!sha256:|[0-9a-f])(0x)?[0-9a-f]{64}(?![0-9a-f])/gi,
];

/** Fewer words of the list may be a sentence. */
const MNEMONIC_WORDS = 12;
const MNEMONIC_LIST = new Set(wordlist);

/** A text without what looks like a key, a token or a mnemonic. */
export function withoutSecrets(text: string): string {
  return withoutMnemonics(SECRETS.reduce((rest, secret) => rest.replace(secret, "[removed]"), text));
}

function withoutMnemonics(text: string): string {
  const pieces = text.split(/([^A-Za-z]+)/);
  let run: number[] = [];
  const hide = () => {
    if (run.length >= MNEMONIC_WORDS) run.forEach((index) => (pieces[index] = "[removed]"));
    run = [];
  };
  pieces.forEach((piece, index) => {
    if (index % 2 === 1) return;
    if (MNEMONIC_LIST.has(piece.toLowerCase())) run.push(index);
    else if (piece !== "") hide();
  });
  hide();
  return pieces.join("");
}
