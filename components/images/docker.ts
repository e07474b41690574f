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
  return new Provider(name, { registryAuth: pulumi.all(addresses).apply(entriesOf) }, opts);
}

/**
 * Asks registries, and needs no Docker on the machine that deploys. Where a registry is private, credentials come from the
 * user's Docker configuration as above; where none is, nobody needs one.
 */
export function registryReader(name: string, privateHosts: readonly string[]): Provider {
  return new Provider(name, {
    disableDockerDaemonCheck: true,
    ...(privateHosts.length > 0 && { registryAuth: entriesOf(privateHosts) }),
  });
}

/** Without an entry for a host, the provider refuses to push to it, and reads what is public only. */
function entriesOf(addresses: readonly string[]): { address: string }[] {
  return hostsOf(addresses).map((address) => ({ address }));
}

/** Hosts of addresses, each once, in a fixed order. */
export function hostsOf(addresses: readonly string[]): string[] {
  return [...new Set(addresses.map((address) => address.split("/")[0] ?? address))].sort();
}
