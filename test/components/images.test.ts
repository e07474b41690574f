import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { cloudRegion } from "../../components/clouds";
import type { Identity } from "../../components/component";
import type { Registry } from "../../components/contracts";
import { BuiltImage } from "../../components/images/built-image";
import { dockerProvider } from "../../components/images/docker";
import { MirroredImage } from "../../components/images/mirrored-image";
import { sameDigest, targetsOf } from "../../components/images/push";
import { commitOf, parseSource, tagOf } from "../../components/images/source";
import type { ErrorCode } from "../../errors/codes";
import { TestnetError } from "../../errors/problem";
import { at, type Registered, registrations, text } from "./mocks";

const IDENTITY: Identity = { stack: "qa", owner: "tester", expires: "2027-01-31", protect: false };
const DIGEST = `sha256:${"a1".repeat(32)}`;
const COMMIT = "0c00d0210c00d0210c00d0210c00d0210c00d021";
const ECR = "111122223333.dkr.ecr.us-east-1.amazonaws.com";
const GCP = "europe-west4-docker.pkg.dev";

/** Two registries; two clusters share the first. */
function images() {
  const args = { identity: IDENTITY, images: ["geth", "tool"], untaggedDays: 7, readers: [] };
  const aws = cloudRegion("aws", "aws", { region: "us-east-1", project: undefined }).registry("ecr", args);
  const gcp = cloudRegion("gcp", "gcp", { region: "europe-west4", project: "p" }).registry("gar", args);
  const docker = dockerProvider("docker", [aws, gcp]);
  const common = { identity: IDENTITY, docker, registries: { one: aws, two: aws, three: gcp } };
  const source = `docker.io/ethereum/client-go:v1.17.8@${DIGEST}`;
  const geth = new MirroredImage("geth", { ...common, image: "geth", source });
  const tool = new BuiltImage("tool", { ...common, image: "tool", context: "images/tool", commit: COMMIT });
  return { geth: pulumi.output(geth.references), tool: pulumi.output(tool.references) };
}

function refuses(code: ErrorCode, words: RegExp, what: () => unknown): void {
  assert.throws(
    what,
    (error) => error instanceof TestnetError && error.problems[0]?.code === code && words.test(error.message),
  );
}

describe("images of a network", function () {
  this.timeout(60_000);

  let resources: readonly Registered[];
  let outputs: Readonly<Record<string, unknown>>;
  before(async () => {
    ({ resources, outputs } = await registrations(images, "qa"));
  });
  const ofDocker = () => resources.filter(({ type }) => type.startsWith("docker:"));
  const one = (type: string, name: string) => {
    const found = resources.find((each) => each.type === type && each.name === name);
    assert.ok(found, `${type} ${name}`);
    return found;
  };

  it("are pulled or built once, and pushed once to each registry", () => {
    assert.deepEqual(
      ofDocker()
        .map(({ type, name }) => `${type.split(":")[2] ?? ""} ${name}`)
        .sort(),
      [
        "Image tool",
        "RegistryImage geth-one",
        "RegistryImage geth-three",
        "RegistryImage tool-one",
        "RegistryImage tool-three",
        "RemoteImage geth",
        "Tag geth-one",
        "Tag geth-three",
        "Tag tool-one",
        "Tag tool-three",
      ],
    );
  });

  it("are made by the one provider of Docker, below their component", () => {
    for (const { name, parent, provider } of ofDocker()) {
      assert.match(provider ?? "", /pulumi:providers:docker::docker::/, name);
      assert.ok(parent);
      assert.equal(parent.name, name.split("-")[0]);
      assert.match(parent.type, /^testnet:images:(MirroredImage|BuiltImage)$/);
    }
  });

  it("are known to pods by digest only, each in the cluster's own cloud", () => {
    const pushed = (at: string) => `${at}@${DIGEST}`;
    assert.deepEqual(outputs["geth"], {
      one: pushed(`${ECR}/qa/geth`),
      two: pushed(`${ECR}/qa/geth`),
      three: pushed(`${GCP}/p/qa/geth`),
    });
    for (const reference of Object.values(outputs["tool"] as Record<string, string>)) {
      assert.match(reference, /\/qa\/tool@sha256:[0-9a-f]{64}$/);
    }
  });

  it("are tagged by the source's tag or the commit, for linux/amd64", () => {
    const pulled = one("docker:index/remoteImage:RemoteImage", "geth").inputs;
    assert.deepEqual(
      [pulled["name"], pulled["platform"], pulled["keepLocally"]],
      [`docker.io/ethereum/client-go@${DIGEST}`, "linux/amd64", true],
    );
    const built = one("docker:index/image:Image", "tool").inputs;
    assert.deepEqual(
      [built["imageName"], built["skipPush"], at(built, "build", "platform")],
      [`testnet/tool:${COMMIT}`, true, "linux/amd64"],
    );
    const name = (of: string) => one("docker:index/registryImage:RegistryImage", of).inputs["name"];
    assert.equal(name("geth-one"), `${ECR}/qa/geth:v1.17.8`);
    assert.equal(name("geth-three"), `${GCP}/p/qa/geth:v1.17.8`);
    assert.equal(name("tool-three"), `${GCP}/p/qa/tool:${COMMIT}`);
  });

  it("stay in the registries, which other networks use too", () => {
    const pushed = ofDocker().filter(({ type }) => type.endsWith(":RegistryImage"));
    assert.ok(pushed.every(({ inputs }) => inputs["keepRemotely"] === true));
  });

  it("need no password: the provider is given addresses only, and no resource anything of the kind", () => {
    const provider = one("pulumi:providers:docker", "docker").inputs;
    assert.deepEqual(JSON.parse(text(provider["registryAuth"])), [{ address: ECR }, { address: GCP }]);
    assert.doesNotMatch(
      JSON.stringify(ofDocker().map(({ inputs }) => inputs)),
      /password|username|token|authConfig|"registry"/i,
    );
  });

  it("wait for their own registry and for no other", () => {
    for (const { type, name, dependencies } of ofDocker()) {
      const registries = dependencies.filter((urn) => urn.includes(":Repository::"));
      if (!type.endsWith(":Tag")) continue;
      assert.equal(registries.length, 1, `${name}: ${registries.join()}`);
      assert.match(registries[0] ?? "", name.endsWith("-one") ? /aws:ecr/ : /gcp:artifactregistry/);
    }
    assert.deepEqual(one("docker:index/remoteImage:RemoteImage", "geth").dependencies, []);
  });

  it("are refused by tag", () => {
    for (const source of [
      "geth",
      "ethereum/client-go:latest",
      "geth@sha256:abc",
      `Geth@${DIGEST}`,
      `geth:@${DIGEST}`,
      `geth@${DIGEST}0`,
    ]) {
      refuses("TN1024", /geth\.source: the image is not given by its digest/, () =>
        parseSource("geth", source),
      );
    }
    refuses("TN1024", /no tag/, () => tagOf("geth", parseSource("geth", `geth@${DIGEST}`), undefined));
    refuses("TN1006", /geth\.tag/, () => tagOf("geth", parseSource("geth", `geth@${DIGEST}`), "a b"));
    refuses("TN1006", /geth\.commit/, () => commitOf("geth", "latest"));
    assert.deepEqual(parseSource("geth", `localhost:5000/a/geth@${DIGEST}`), {
      name: "localhost:5000/a/geth",
      tag: undefined,
      digest: DIGEST,
    });
  });

  it("are refused where a registry has no place for them, or has something else", () => {
    const registry: Registry = { region: "us-east-1", images: { geth: pulumi.output("here") } };
    refuses("TN1025", /registry in us-east-1 keeps no such image[^]*allowed: geth/, () =>
      targetsOf("prysm", { image: "prysm", registries: { one: registry } }),
    );
    const other = DIGEST.replace("a1", "b2");
    refuses("TN2011", new RegExp(other), () => sameDigest("geth-one", other, DIGEST));
    assert.equal(sameDigest("geth-one", DIGEST, DIGEST), DIGEST);
    assert.equal(sameDigest("tool-one", other, undefined), other);
  });
});
