/** What the error page tells of a code. */
export interface ErrorCodeEntry {
  /** A heading for the error page. */
  readonly title: string;
  /** When it appears and why, for the error page. */
  readonly meaning: string;
  /** What to do, where the problem itself names nothing more exact. */
  readonly remedy: string;
  /** 2 where the input or configuration is at fault, 1 otherwise. */
  readonly exit: 1 | 2;
}

export function entry(exit: 1 | 2, title: string, meaning: string, remedy: string): ErrorCodeEntry {
  return { title, meaning, remedy, exit };
}
