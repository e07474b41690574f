import { homeDirectory } from "./stacks/config/home";
import { program } from "./stacks/program";

/** What `pulumi up` runs: load the configuration, build the stack, tell what came of it. */
export = () => program({ directory: __dirname, home: homeDirectory(process.env, __dirname) });
