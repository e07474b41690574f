import CliTable from "cli-table3";

const NO_BORDER = "";

/** Columns aligned with two blanks between, no borders: easy on the eye and on `awk`. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const chars = Object.fromEntries(
    ["top", "bottom", "left", "right", "mid", "top-mid", "bottom-mid", "mid-mid", "left-mid", "right-mid"]
      .concat(["top-left", "top-right", "bottom-left", "bottom-right"])
      .map((name) => [name, NO_BORDER]),
  );
  const grid = new CliTable({
    head: [...head],
    chars: { ...chars, middle: "  " },
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
  });
  grid.push(...rows.map((row) => [...row]));
  return grid
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}
