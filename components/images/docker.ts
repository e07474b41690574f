import { Provider } from "@pulumi/docker/provider";
import * as pulumi from "@pulumi/pulumi";
import type { Registry } from "../contracts";

/**
 * The Docker of the machine that deploys, with the registries it may push to. No token is asked for and none is handed on:
 * whatever is an input of a provider stands in the state. The provider takes the user's own Docker configuration instead
 * (`DOCKER_CONFIG`, else `~/.docker/config.json`), whose credential helpers `ecr-login` and `gcloud` log in by themselves.
 */
export function dockerProvider(
  name: string,
  registries: readonly Registry[],
  opts?: pulumi.ResourceOptions,
): Provider {
  const addresses = registries.flatMap(({ images }) => Object.values(images));
  return new Provider(name, { registryAuth: pulumi.all(addresses).apply(hostsOf) }, opts);
}

/** Without an entry for a host, the provider refuses to push to it. */
function hostsOf(addresses: readonly string[]): { address: string }[] {
  const hosts = addresses.map((address) => address.split("/")[0] ?? address);
  return [...new Set(hosts)].sort().map((address) => ({ address }));
}
