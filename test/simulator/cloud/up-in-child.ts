import * as path from "node:path";
import * as automation from "@pulumi/pulumi/automation";
import { everythingOfAws } from "./everything-aws";
import { everythingOfGcp } from "./everything-gcp";

/** Brings everything up in a process of its own, which a test kills. The run's directory is in RUN_DIRECTORY. */
async function main(): Promise<void> {
  const root = process.env["RUN_DIRECTORY"] ?? "";
  const pulumiCommand = await automation.PulumiCommand.get({ root, skipVersionCheck: true });
  const program = () => {
    everythingOfAws();
    everythingOfGcp();
    return Promise.resolve({});
  };
  const stack = await automation.LocalWorkspace.selectStack(
    { stackName: "dev", projectName: "testnet", program },
    { workDir: path.join(root, "work"), pulumiCommand },
  );
  await stack.up();
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
