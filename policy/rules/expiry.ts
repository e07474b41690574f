import type { StackFacts } from "../stack";
import { at, type Findings, type Judged, matching, resourceRule, text } from "../rule";

const TAGS = ["testnet-stack", "testnet-owner", "testnet-expires"] as const;

/** Types of the clouds that take no tags: who looks for what is left finds them by what they belong to. */
const UNTAGGABLE =
  /^aws:(ec2\/(route|routeTableAssociation|mainRouteTableAssociation)|iam\/(role|user|group)?[pP]olicyAttachment|iam\/(role|user|group)Policy|kms\/alias|ecr\/\w*[pP]olicy|eks\/accessPolicyAssociation|s3\/bucket[A-Z]\w*|autoscaling\/attachment|route53\/record|secretsmanager\/(secretVersion|secretPolicy)|lb\/targetGroupAttachment):|^gcp:(compute\/(network|subnetwork|firewall|router|routerNat)|serviceaccount\/account|dns\/recordSet|secretmanager\/secretVersion|storage\/(bucketObject|bucketACL)|[^:]*[iI][aA][mM](Member|Binding|Policy)):/;

/** Objects of clusters that go with their namespace or their cluster, and whose labels a chart writes. */
const TAGGED_OBJECTS = /^kubernetes:core\/v1:Namespace$/;

/** Whoever looks for what nobody needs any more goes by these tags, and deletes nothing without them. */
export function expiryTagged(stack: StackFacts) {
  return resourceRule(
    {
      name: "expiry-tagged",
      description: "Every resource says whose it is and until when.",
      enforcementLevel: "mandatory",
    },
    [
      matching(/^(aws|gcp):/, (resource) => (UNTAGGABLE.test(resource.type) ? [] : judge(resource, stack))),
      matching(TAGGED_OBJECTS, (resource) => judge(resource, stack)),
    ],
  );
}

function judge({ type, props }: Judged, { isSelfService }: StackFacts): Findings {
  const tags = tagsOf(type, props);
  const missing = TAGS.filter((name) => (text(at(tags, name)) ?? "") === "");
  if (missing.length > 0) return [`the tag ${missing.join(", ")} is missing`];
  const endless = isSelfService && at(tags, "testnet-expires") === "never";
  return endless ? ["the tag testnet-expires is `never`, and the stack expires"] : [];
}

/** Tags on AWS, labels on GCP and in clusters. */
function tagsOf(type: string, props: unknown): unknown {
  if (type.startsWith("kubernetes:")) return at(props, "metadata", "labels");
  // A pool has no labels of its own: its machines have.
  const places = [["tags"], ["resourceLabels"], ["nodeConfig", "resourceLabels"], ["labels"], ["userLabels"]];
  return places.map((place) => at(props, ...place)).find((tags) => tags !== undefined);
}
