const SUFFIXES: Readonly<Record<string, number>> = {
  ...{ m: 1e-3, "": 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12 },
  ...{ Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40 },
};

/** A quantity of Kubernetes as a number: `500m` is 0.5, `1Gi` 1073741824. @throws Error for what is none */
export function quantity(text: string): number {
  const [, digits = "", suffix = ""] = /^([0-9.]+)([a-zA-Z]*)$/.exec(text) ?? [];
  const factor = SUFFIXES[suffix];
  if (digits === "" || factor === undefined) throw new Error(`"${text}" is no quantity`);
  return Number(digits) * factor;
}
