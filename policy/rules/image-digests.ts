import type { ResourceValidationArgs } from "@pulumi/policy";
import type { StackFacts } from "../stack";
import { at, known, list, type RuleText, text } from "../rule";

/** Settings of the rule: `environments` are the names of stacks whose networks, and themselves, are held to it. */
interface Settings {
  readonly environments?: readonly string[];
}

const TEXT = {
  name: "images-by-digest",
  description: "In lasting environments images are named by digest: a tag may be moved to another image.",
  enforcementLevel: "mandatory",
  configSchema: {
    properties: {
      environments: {
        type: "array",
        items: { type: "string" },
        default: ["prod"],
        description: "Names of the environments whose stacks are held to it.",
      },
    },
  },
} as const satisfies RuleText;

const WORKLOADS =
  /^kubernetes:(apps\/v1:(Deployment|StatefulSet|DaemonSet)|batch\/v1:(Job|CronJob)|core\/v1:Pod)$/;
const RELEASE = "kubernetes:helm.sh/v3:Release";
const DIGEST = /@sha256:[0-9a-f]{64}$/;

/** Images of our charts and of workloads; what charts of others name inside themselves cannot be seen. */
export function imagesByDigest(stack: StackFacts) {
  return {
    ...TEXT,
    validateResource: (
      args: Pick<ResourceValidationArgs, "type" | "props" | "getConfig">,
      report: (message: string) => void,
    ) => {
      const { type, props } = args;
      const { environments = TEXT.configSchema.properties.environments.default } = args.getConfig<Settings>();
      if (!environments.some((name) => name === stack.environment)) return;
      const isRelease = type === RELEASE;
      if (!isRelease && !WORKLOADS.test(type)) return;
      const images = known(() => (isRelease ? imagesOfRelease(props) : imagesOfWorkload(props))) ?? [];
      const moving = [...new Set(images.filter((image) => !DIGEST.test(image)))];
      if (moving.length > 0) report(`${moving.join(", ")}: no digest`);
    },
  };
}

function imagesOfRelease(props: unknown): string[] {
  const shared = at(props, "values", "images");
  const pods = list(at(props, "values", "pods"));
  const own = pods.flatMap((pod) => list(at(pod, "containers"))).map((container) => at(container, "image"));
  return [...own, at(shared, "shell"), at(shared, "node")].flatMap((image) => text(image) ?? []);
}

/** Of a pod, or of what makes pods by a template. */
function imagesOfWorkload(props: unknown): string[] {
  const specs = [
    at(props, "spec"),
    at(props, "spec", "template", "spec"),
    at(props, "spec", "jobTemplate", "spec", "template", "spec"),
  ];
  return specs
    .flatMap((spec) => [...list(at(spec, "initContainers")), ...list(at(spec, "containers"))])
    .flatMap((container) => text(at(container, "image")) ?? []);
}
