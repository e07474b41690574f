import assert from "node:assert/strict";
import { FailureLog } from "../../../cli/engine/failures";
import { pinnedImages } from "../../../components/images/pinned";
import type { Properties } from "../../../plugin/provider";
import { Rehearsal } from "./harness";
import { SmallWorld } from "./small-world";

const TOKEN = "docker:index/getRegistryImage:getRegistryImage";
const DIGEST = `sha256:${"a1".repeat(32)}`;
const HUB = "registry-1.docker.io";
const GAR = "europe-west4-docker.pkg.dev";

describe("the simulated data source of images in registries", () => {
  let world: SmallWorld;
  beforeEach(() => {
    world = new SmallWorld();
  });
  afterEach(() => world.close());

  const ask = (args: Properties, config: Properties = {}) =>
    (world.provider("docker", config).provider.invoke(TOKEN, args) as Properties)["sha256Digest"];
  const refusal = (name: string, config?: Properties) => {
    try {
      ask({ name }, config);
    } catch (error) {
      return String(error);
    }
    throw new Error(`${name} was found`);
  };

  it("gives one digest for one name, and another for another", () => {
    const digest = ask({ name: `${HUB}/library/node:22` });
    assert.match(String(digest), /^sha256:[0-9a-f]{64}$/);
    assert.equal(ask({ name: `${HUB}/library/node:22`, insecureSkipVerify: false }), digest);
    assert.notEqual(ask({ name: `${HUB}/library/node:23` }), digest);
    assert.equal(ask({ name: `${HUB}/library/node:22@${DIGEST}` }), DIGEST);
  });

  it("knows the registries of the world that let everybody read", () => {
    for (const name of ["node:22", "sigp/lighthouse:v8", "gcr.io/a/b:1", "ghcr.io/a/b:1", "quay.io/a/b:1"]) {
      assert.match(String(ask({ name })), /^sha256:/, name);
    }
  });

  it("refuses arguments and names that the provider would not take", () => {
    assert.throws(() => ask({}), /Missing required property 'name'/);
    assert.throws(() => ask({ name: "node:22", tag: "22" }), /an argument named 'tag' is not expected here/);
    assert.throws(() => ask({ name: "node:22", insecureSkipVerify: "maybe" }), /a boolean required/);
    assert.match(refusal("Node:22"), /not a reference to an image/);
  });

  it("fails for registries that nobody knows, in the provider's words", () => {
    assert.match(
      refusal("registry.example.org/geth:1"),
      /Got error when attempting to fetch image version geth:1 from registry: Error during registry request: Head "https:\/\/registry\.example\.org\/v2\/geth\/manifests\/1": .* no such host/,
    );
    // The web site that is there is no registry, and the provider asks it all the same.
    assert.match(refusal("docker.io/library/node:22"), /from registry: got bad response from registry: 404/);
    assert.match(refusal(`${HUB}/node:22`), /401 Unauthorized/);
  });

  it("gives what was pushed to a cloud's registry, to who has logged in only", async () => {
    await world.gcp().create("gcp:artifactregistry/repository:Repository", {
      ...{ repositoryId: "dev", location: "europe-west4", format: "DOCKER" },
    });
    const name = `${GAR}/example-testnets/dev/geth:1`;
    const docker = world.provider("docker", {});
    const sourceImage = `library/geth@${DIGEST}`;
    await docker.create("docker:index/remoteImage:RemoteImage", { name: sourceImage });
    await docker.create("docker:index/tag:Tag", { sourceImage, targetImage: name });
    await docker.create("docker:index/registryImage:RegistryImage", { name });
    const known = { registryAuth: JSON.stringify([{ address: GAR }]) };
    assert.equal(ask({ name }, known), DIGEST);
    assert.match(refusal(name), /401 Unauthorized/);
    assert.match(refusal(name.replace(":1", ":2"), known), /404 Not Found/);
  });
});

describe("images that no registry knows", function () {
  this.timeout(60_000);
  let rehearsal: Rehearsal;
  before(async () => {
    rehearsal = await Rehearsal.start();
  });
  after(() => rehearsal.dispose());

  it("end the run with the image, its setting and the registry's words, before anything is made", async () => {
    rehearsal.deploys(() =>
      pinnedImages("registries", {
        references: ["docker.io/library/node:22", "registry.example.org/geth:1"],
        privateHosts: [],
        writtenAt: () => "testnet:network.images.daemon",
      }),
    );
    await rehearsal.failure("preview");
    const log = new FailureLog();
    rehearsal.events.forEach(log.onEvent);
    const [problem, ...others] = log.toError(new Error("preview failed")).problems;
    assert.deepEqual(others, []);
    assert.ok(problem);
    assert.deepEqual(
      [problem.code, problem.at, problem.given],
      ["TN2021", "testnet:network.images.daemon", "registry.example.org/geth:1"],
    );
    assert.match(
      problem.message,
      /^no digest could be had of the image: Error during registry request: Head /,
    );
    assert.deepEqual(await rehearsal.clouds.client.ask("resources"), []);
  });
});
