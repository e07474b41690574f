import assert from "node:assert/strict";
import { RULE_NAMES, type RuleName } from "../../../policy/names";
import { policies } from "../../../policy/policies";
import type { StackFacts } from "../../../policy/stack";
import { registerNetwork, shippedNetwork } from "../../components/networks";
import { registerShipped } from "../../components/shipped";
import type { Registered } from "../../components/mocks";
import { judge, judgeStack, STACK } from "./judge";

/** What the stacks that come with the program are judged by the pack: of mandatory rules they break none. */
const SHIPPED: Readonly<
  Record<
    string,
    { environment: string; register: (stack: string) => Promise<{ resources: readonly Registered[] }> }
  >
> = {
  prod: { environment: "prod", register: registerShipped },
  dev: { environment: "dev", register: registerShipped },
  "prod-testnet": { environment: "prod", register: registerNetwork },
  "dev-ethereum": { environment: "dev", register: registerNetwork },
};

describe("the policies and the stacks that come with the program", function () {
  this.timeout(60_000);

  for (const [name, { environment, register }] of Object.entries(SHIPPED)) {
    it(`${name} breaks none of the mandatory rules`, async () => {
      const stack: StackFacts = { ...STACK, name, environment };
      const { resources } = await register(name);
      const broken = mandatory(stack).flatMap((rule) => said(rule, resources, stack));
      assert.deepEqual(broken, []);
      assert.ok(resources.length > 40, "there was something to judge");
    });
  }

  it("prod-testnet is refused where its settings leave tags as they are", async () => {
    const shipped = shippedNetwork("prod-testnet");
    const network = { ...shipped.network, pinImages: false };
    const { resources } = await registerNetwork("prod-testnet", { ...shipped, network });
    const broken = said("images-by-digest", resources, { ...STACK, environment: "prod" });
    assert.ok(broken.some((line) => line.includes("mina-daemon")));
    assert.ok(broken.some((line) => line.includes("busybox")));
  });
});

it("the pack has exactly the rules that settings may name", () => {
  assert.deepEqual(
    policies(STACK).map(({ name }) => name),
    RULE_NAMES,
  );
});

function mandatory(stack: StackFacts): RuleName[] {
  return policies(stack)
    .filter(({ enforcementLevel }) => enforcementLevel === "mandatory")
    .map(({ name }) => name as RuleName);
}

function said(rule: RuleName, resources: readonly Registered[], stack: StackFacts): string[] {
  if (rule === "open-ports-are-listened-on") return judgeStack(rule, resources);
  return resources
    .filter(({ custom }) => custom)
    .flatMap((resource) =>
      judge(rule, resource, stack).map((finding) => `${rule} ${resource.name}: ${finding}`),
    );
}
