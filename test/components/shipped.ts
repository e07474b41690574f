import type { ClusterEnvironment } from "../../stacks/config/environment";
import { buildEnvironment } from "../../stacks/environment";
import { environmentImages } from "../../stacks/images";
import { Regions } from "../../stacks/regions";
import { type Registrations, registrations } from "./mocks";
import { shippedEnvironment } from "./stacks";

/** Everything that an environment registers. */
export function registerEnvironment(environment: ClusterEnvironment, stack: string): Promise<Registrations> {
  const build = async () =>
    buildEnvironment(environment, stack, new Regions(), await environmentImages(environment));
  return registrations(build, stack);
}

const shipped = new Map<string, Promise<Registrations>>();

/** The same for an environment that comes with the program, registered once for all tests. */
export function registerShipped(stack: string): Promise<Registrations> {
  const made = shipped.get(stack) ?? registerEnvironment(shippedEnvironment(stack), stack);
  shipped.set(stack, made);
  return made;
}
