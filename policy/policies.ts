import type { Policies } from "@pulumi/policy";
import { apiServersRestricted } from "./rules/api-servers";
import { storedEncrypted } from "./rules/encryption";
import { expiryTagged } from "./rules/expiry";
import { imagesByDigest } from "./rules/image-digests";
import { openPortsAreListenedOn } from "./rules/listened-ports";
import { onlyPeerPortsOpen } from "./rules/open-ports";
import { noPublishedKeys } from "./rules/published-keys";
import { noWildcardRights } from "./rules/rights";
import type { StackFacts } from "./stack";

/** The rules of this project for one stack. */
export function policies(stack: StackFacts): Policies {
  return [
    onlyPeerPortsOpen(stack),
    openPortsAreListenedOn(),
    apiServersRestricted,
    noWildcardRights,
    storedEncrypted,
    expiryTagged(stack),
    noPublishedKeys,
    imagesByDigest(stack),
  ];
}
