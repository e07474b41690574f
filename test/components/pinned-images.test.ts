import assert from "node:assert/strict";
import { pinnedImages } from "../../components/images/pinned";
import { TestnetError } from "../../errors/problem";
import { networkImages } from "../../stacks/images";
import { digestOf, registrations, text } from "./mocks";
import { shippedNetwork, shippedPlan } from "./networks";

const DIGEST = `sha256:${"a1".repeat(32)}`;
const ECR = "111122223333.dkr.ecr.us-east-1.amazonaws.com";

/** Pins, and tells what was asked and by which provider. */
async function pin(references: readonly string[], privateHosts: readonly string[] = []) {
  let pinned: ReadonlyMap<string, string> = new Map();
  const { resources, calls } = await registrations(async () => {
    pinned = await pinnedImages("registries", { references, privateHosts, writtenAt: () => undefined });
  });
  return {
    pinned: Object.fromEntries(pinned),
    asked: calls.map(({ inputs }) => inputs["name"]),
    providers: resources.filter(({ type }) => type === "pulumi:providers:docker"),
  };
}

describe("images by digest", () => {
  it("keep their name and tag beside it; one that has a digest stays as it is", async () => {
    const fixed = `docker.io/sigp/lighthouse:v8@${DIGEST}`;
    const { pinned, asked } = await pin(["docker.io/library/node:22", fixed, "ghcr.io/a/b:1"]);
    assert.deepEqual(pinned, {
      "docker.io/library/node:22": `docker.io/library/node:22@${digestOf("registry-1.docker.io/library/node:22")}`,
      [fixed]: fixed,
      "ghcr.io/a/b:1": `ghcr.io/a/b:1@${digestOf("ghcr.io/a/b:1")}`,
    });
    assert.deepEqual(asked, ["registry-1.docker.io/library/node:22", "ghcr.io/a/b:1"]);
  });

  it("are asked for once, by one provider that needs no Docker here", async () => {
    const { asked, providers } = await pin(["node:22", "node:22", "node:22"]);
    assert.deepEqual(asked, ["registry-1.docker.io/library/node:22"]);
    assert.deepEqual(
      providers.map(({ inputs }) => inputs),
      [{ disableDockerDaemonCheck: "true" }],
    );
  });

  it("that have digests ask nobody, and make no provider", async () => {
    const { asked, providers } = await pin([`node@${DIGEST}`, `node:22@${DIGEST}`]);
    assert.deepEqual([asked, providers], [[], []]);
  });

  it("of a private registry are asked for with the user's own login, and never with a password of ours", async () => {
    const { providers } = await pin([`${ECR}/dev/geth:1`, "node:22"], [ECR, "unused.example.org"]);
    assert.deepEqual(JSON.parse(text(providers[0]?.inputs["registryAuth"])), [{ address: ECR }]);
  });

  it("that no registry knows are told all at once: the image, its setting, the registry's words", async () => {
    const unknown = ["registry.example.org/one:1", "registry.example.org/two:2"];
    const shipped = shippedNetwork("prod-testnet").network;
    assert.equal(shipped.protocol, "mina");
    const settings = { ...shipped, images: { ...shipped.images, daemon: unknown[0] } };
    const plan = shippedPlan("prod-testnet");
    const [first, ...others] = plan.daemons;
    assert.ok(first?.workload);
    const daemons = unknown.map((reference) => {
      const { workload } = first;
      return { ...first, workload: workload && { ...workload, image: { ...workload.image, reference } } };
    });
    await assert.rejects(
      registrations(() =>
        networkImages({ ...plan, daemons: [...daemons, ...others] }, settings, { registries: [] }),
      ),
      (error) => {
        assert.ok(error instanceof TestnetError);
        assert.deepEqual(
          error.problems.map(({ code, at, given }) => [code, at, given]),
          [
            ["TN2021", "testnet:network.images.daemon", unknown[0]],
            ["TN2021", undefined, unknown[1]],
          ],
        );
        assert.match(error.message, /no digest could be had of the image: no such host\n/);
        return true;
      },
    );
  });
});

describe("whether a network's images are pinned", () => {
  const IMAGE = "docker.io/library/busybox:1.37.0-musl";
  const plan = shippedPlan("prod-testnet");
  const network = shippedNetwork("prod-testnet").network;
  const cases = [
    { what: "is so on an environment", registries: [], pinImages: undefined, pinned: true },
    { what: "is not so on a kubeconfig", registries: undefined, pinImages: undefined, pinned: false },
    { what: "is what the settings say on an environment", registries: [], pinImages: false, pinned: false },
    {
      what: "is what the settings say on a kubeconfig",
      registries: undefined,
      pinImages: true,
      pinned: true,
    },
  ];
  for (const { what, registries, pinImages, pinned } of cases) {
    it(what, async () => {
      let image = "";
      const { calls } = await registrations(async () => {
        image = (await networkImages(plan, { ...network, pinImages }, { registries }))(IMAGE);
      });
      assert.equal(image.startsWith(`${IMAGE}@sha256:`), pinned);
      assert.equal(image === IMAGE, !pinned);
      assert.equal(calls.length > 0, pinned);
    });
  }
});
