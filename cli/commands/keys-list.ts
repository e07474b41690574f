import type { CommandContext } from "../context";
import { keyWorkOf } from "../keys/command";
import { listKeys } from "../keys/manage";
import { table } from "../ui/table";

/** What is in the secret managers, and what the network wants there. No value is read. */
export async function run(context: CommandContext): Promise<number> {
  const { stack, out } = context;
  const secrets = await listKeys(keyWorkOf(context));
  const rows = secrets.map(({ name, place, keys, state }) => [name, state, keys.join(", "), place]);
  const lacking = secrets.filter(({ state }) => state === "lacking").length;
  out.result(
    [
      table(["SECRET", "STATE", "KEYS", "PLACE"], rows),
      ...(lacking > 0 ? ["", `${lacking} to be made: \`testnet keys create ${stack}\`.`] : []),
    ].join("\n"),
    { stack, secrets },
  );
  return 0;
}
