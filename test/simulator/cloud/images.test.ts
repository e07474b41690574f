import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { cloudRegion } from "../../../components/clouds";
import type { Identity } from "../../../components/component";
import type { Registry } from "../../../components/contracts";
import { BuiltImage } from "../../../components/images/built-image";
import { dockerProvider } from "../../../components/images/docker";
import { MirroredImage } from "../../../components/images/mirrored-image";
import { Rehearsal } from "./harness";
import { SmallWorld, type TestProvider } from "./small-world";

const IDENTITY: Identity = { stack: "dev", owner: "tester", expires: "2027-01-31", protect: false };
const DIGEST = `sha256:${"a1".repeat(32)}`;
const NEWER = `sha256:${"b2".repeat(32)}`;
const COMMIT = "0c00d0210c00d0210c00d0210c00d0210c00d021";

/** An environment's registries in both clouds, and a network's images in them. */
function network(source: string, commit = COMMIT): void {
  const args = { identity: IDENTITY, images: ["geth", "tool"], untaggedDays: 7, readers: [] };
  const aws = cloudRegion("aws", "aws", { region: "us-east-1", project: undefined });
  const gcp = cloudRegion("gcp", "gcp", { region: "europe-west4", project: "example-testnets" });
  const registries: Record<string, Registry> = {
    use1: aws.registry("ecr", args),
    euw4: gcp.registry("gar", args),
  };
  const docker = dockerProvider("docker", Object.values(registries));
  const common = { identity: IDENTITY, docker, registries };
  new MirroredImage("geth", { ...common, image: "geth", source });
  new BuiltImage("tool", { ...common, image: "tool", context: "images/tool", commit });
}

describe("images in the registries of simulated clouds", function () {
  this.timeout(180_000);

  let rehearsal: Rehearsal;
  before(async () => {
    rehearsal = await Rehearsal.start();
    rehearsal.deploys(() => network(`ethereum/client-go:v1.17.8@${DIGEST}`));
  });
  after(() => rehearsal.dispose());

  const references = async (component: string) => {
    const outputs = [...(await rehearsal.outputs())].find(([urn]) => urn.endsWith(`::${component}`));
    return outputs?.[1]["references"] as Record<string, string>;
  };

  it("are previewed while the registries have no address yet", async () => {
    const { create } = await rehearsal.changes("preview");
    assert.ok(create !== undefined && create > 15, `${create} resources`);
    assert.deepEqual(await rehearsal.clouds.client.ask("resources"), []);
  });

  it("are there after up, under the digest of their source", async () => {
    await rehearsal.changes("up");
    const { use1 = "", euw4 = "" } = await references("geth");
    assert.match(use1, new RegExp(`^\\d{12}\\.dkr\\.ecr\\.us-east-1\\.amazonaws\\.com/dev/geth@${DIGEST}$`));
    assert.equal(euw4, `europe-west4-docker.pkg.dev/example-testnets/dev/geth@${DIGEST}`);
    const built = Object.values(await references("tool")).map((reference) => reference.split("@")[1]);
    assert.equal(built.length, 2);
    assert.equal(new Set(built).size, 1, "one build, one digest");
  });

  it("change nothing on a second up, and show no drift", async () => {
    assert.deepEqual(Object.keys(await rehearsal.changes("up")), ["same"]);
    assert.deepEqual(Object.keys(await rehearsal.changes("refresh")), ["same"]);
  });

  it("leave no credential in the state", () => {
    const folder = path.join(rehearsal.directory, "state");
    const files = fs
      .readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((one) => one.isFile());
    const state = files.map((one) => fs.readFileSync(path.join(one.parentPath, one.name), "utf8")).join("\n");
    assert.match(state, /registryAuth/);
    assert.doesNotMatch(state, /password|username|authorizationToken|authConfig/i);
  });

  it("follow their source and their commit", async () => {
    rehearsal.deploys(() => network(`ethereum/client-go:v1.17.9@${NEWER}`, "abcdef1"));
    await rehearsal.changes("up");
    for (const reference of Object.values(await references("geth"))) assert.ok(reference.endsWith(NEWER));
    assert.deepEqual(Object.keys(await rehearsal.changes("up")), ["same"]);
  });

  it("are not found by a tag: the program ends before anything is asked of a cloud", async () => {
    rehearsal.deploys(() => network("ethereum/client-go:latest"));
    assert.match(
      await rehearsal.failure("preview"),
      /TN1024 geth\.source: the image is not given by its digest/,
    );
  });

  it("leave nothing after destroy", async () => {
    await rehearsal.changes("destroy");
    assert.deepEqual(await rehearsal.clouds.client.ask("resources"), []);
  });
});

describe("simulated registries refuse", () => {
  let world: SmallWorld;
  let docker: TestProvider;
  beforeEach(() => {
    world = new SmallWorld();
    docker = world.provider("docker", {});
  });
  afterEach(() => world.close());

  const TAG = "docker:index/tag:Tag";
  const GAR = "europe-west4-docker.pkg.dev/example-testnets";
  const pull = (digest = DIGEST) =>
    docker.create("docker:index/remoteImage:RemoteImage", { name: `library/geth@${digest}` });
  const push = async (targetImage: string, digest = DIGEST) => {
    await docker.create(TAG, { sourceImage: `library/geth@${digest}`, targetImage });
    return docker.create("docker:index/registryImage:RegistryImage", { name: targetImage });
  };

  it("a push to a repository that does not exist, in the registry's words", async () => {
    await pull();
    await assert.rejects(
      push("111122223333.dkr.ecr.us-east-1.amazonaws.com/dev/geth:1"),
      /Error pushing docker image: name unknown: The repository with name 'dev\/geth' does not exist in the registry with id '111122223333'/,
    );
    await assert.rejects(push(`${GAR}/dev/geth:1`), /name unknown: Repository "dev" not found/);
    await assert.rejects(push("registry.example.org/geth:1"), /lookup registry.example.org: no such host/);
  });

  it("an image that was neither pulled nor built", async () => {
    await assert.rejects(push(`${GAR}/dev/geth:1`), /No such image: library\/geth@sha256:/);
    await assert.rejects(
      docker.create("docker:index/registryImage:RegistryImage", { name: `${GAR}/dev/geth:1` }),
      /No such image/,
    );
  });

  it("another image under a tag that is taken, and take the same one", async () => {
    await world.gcp().create("gcp:artifactregistry/repository:Repository", {
      repositoryId: "dev",
      location: "europe-west4",
      format: "DOCKER",
      dockerConfig: { immutableTags: true },
    });
    await pull();
    const { outputs } = await push(`${GAR}/dev/geth:1`);
    assert.equal(outputs["sha256Digest"], DIGEST);
    await docker.create("docker:index/image:Image", {
      imageName: `${GAR}/dev/geth:2`,
      build: { context: "." },
    });
    await assert.rejects(
      docker.create("docker:index/image:Image", { imageName: `${GAR}/dev/geth:1`, build: { context: "." } }),
      /tag invalid: The image tag '1' already exists in the 'dev' repository and cannot be overwritten/,
    );
  });

  it("inputs that Docker does not know, and platforms that images are not built for", () => {
    const reasons = (inputs: object) =>
      docker
        .check("docker:index/remoteImage:RemoteImage", { name: "geth", ...inputs })
        .map(({ reason }) => reason)
        .join();
    assert.match(reasons({ tag: "1" }), /an argument named 'tag' is not expected here/);
    assert.match(reasons({ platform: "amd64" }), /expected to be one of \["linux\/amd64"/);
  });
});
