import * as assert from "node:assert/strict";
import { TestnetError } from "../../errors/problem";
import { checkedManifests } from "../../manifests/checked";

describe("a program whose Kubernetes objects are checked while it is built", () => {
  it("is refused with all that is wrong at once, before anything is registered", async () => {
    const pulumi = require("@pulumi/pulumi") as typeof import("@pulumi/pulumi");
    const k8s = require("@pulumi/kubernetes") as typeof import("@pulumi/kubernetes");
    const registered: string[] = [];
    await pulumi.runtime.setMocks({
      newResource: ({ name, inputs }) => {
        registered.push(name);
        return { id: name, state: inputs as object };
      },
      call: () => ({}),
    });
    let refused: unknown;
    await pulumi.runtime.runInPulumiStack(() => {
      try {
        checkedManifests("1.35", () => {
          const spec = { podSelector: { matchLables: {} }, policyTypes: pulumi.output(["Ingress"]) };
          new k8s.networking.v1.NetworkPolicy("policy", {
            metadata: { name: "Only_Inside" },
            spec,
          } as object);
          new k8s.helm.v3.Release("release", { chart: "any", values: { anything: true } });
        });
      } catch (error) {
        refused = error;
      }
      assert.deepEqual(registered, []);
      return Promise.resolve();
    });
    assert.ok(refused instanceof TestnetError);
    assert.deepEqual(
      refused.problems.map(({ code, at, allowed }) => [code, at, allowed]),
      [
        ["TN2007", "policy: spec.podSelector.matchLables", "matchLabels"],
        ["TN2007", "policy: metadata.name", "a DNS name: a-z, 0-9, `-` and `.`"],
      ],
    );
  });
});
