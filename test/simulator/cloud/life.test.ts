import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import { clouds } from "../../../simulator/cloud/clouds";
import type { CloudResource } from "../../../simulator/cloud/protocol";
import { drifted } from "./drifts";
import { everythingOfAws } from "./everything-aws";
import { everythingOfDocker, everythingOfGcp } from "./everything-gcp";
import { Rehearsal } from "./harness";

/** Machines take quotas that a new account does not have. */
const QUOTAS = { "L-1216C47A": 64, CPUS: 64 };

/** Outputs that programs go on with; others may well be empty. */
const TELLING =
  /^(arn|.*Arn|selfLink|endpoint|.*Url|.*Uri|email|member|fqdn|version|.*Version|status|.*Digest|etag)$/;

describe("the life of one resource of every simulated type", function () {
  this.timeout(180_000);
  let rehearsal: Rehearsal;
  let resources: CloudResource[];

  before(async () => {
    rehearsal = await Rehearsal.start({ quotas: QUOTAS });
    rehearsal.deploys(() => {
      everythingOfAws();
      everythingOfDocker(everythingOfGcp());
    });
  });
  after(() => rehearsal.dispose());

  it("previews without making anything", async () => {
    const { create } = await rehearsal.changes("preview");
    assert.ok(create !== undefined && create > 60, `${create} resources`);
    assert.deepEqual(await rehearsal.clouds.client.ask("resources"), []);
  });

  it("makes all of it, of every type", async () => {
    await rehearsal.changes("up");
    resources = await rehearsal.clouds.client.ask("resources");
    const made = new Set(resources.map(({ type }) => type));
    const modelled = Object.values(clouds()).flatMap(({ models }) => Object.keys(models));
    assert.deepEqual(
      modelled.filter((type) => !made.has(type)),
      [],
    );
  });

  it("names what it returns as the SDK does, and returns all that the SDK promises", () => {
    const strangers: string[] = [];
    const empty: string[] = [];
    for (const { cloud, type, attributes } of resources) {
      const shape = clouds()[cloud]?.shapes.resources[type];
      assert.ok(shape);
      const known = { ...shape.inputs, ...shape.outputs };
      strangers.push(
        ...Object.keys(attributes)
          .filter((name) => !(name in known))
          .map((name) => `${type} ${name}`),
      );
      const promised = Object.keys(shape.outputs).filter((name) => shape.outputs[name] === "string");
      const telling = promised.filter((name) => TELLING.test(name));
      empty.push(...telling.filter((name) => !attributes[name]).map((name) => `${type} ${name}`));
    }
    assert.deepEqual(strangers, []);
    assert.deepEqual(empty.sort(), [
      // Of HTTP only.
      "aws:lb/targetGroup:TargetGroup protocolVersion",
      "gcp:container/cluster:Cluster emulatedVersion",
    ]);
  });

  it("changes nothing on a second up, and sees no drift in a refresh", async () => {
    assert.deepEqual(Object.keys(await rehearsal.changes("up")), ["same"]);
    assert.deepEqual(Object.keys(await rehearsal.changes("refresh")), ["same"]);
  });

  it("finds drift of an attribute of every type, and up mends it", async () => {
    const changed = resources.map((resource) => ({ ...resource, drift: drifted(resource) }));
    for (const { urn, drift } of changed) {
      await rehearsal.clouds.client.ask("drift", { urn, attributes: drift ?? {} });
    }
    await rehearsal.changes("refresh");
    const state = await rehearsal.outputs();
    const unseen = changed.filter(({ urn, drift = {} }) =>
      Object.entries(drift).some(([name, value]) => !isDeepStrictEqual(state.get(urn)?.[name], value)),
    );
    assert.deepEqual(
      unseen.map(({ urn }) => urn),
      [],
    );
    // A ring of keys and attachments are their names, and nothing else.
    const steady = changed.filter(({ drift }) => drift === undefined).map(({ type }) => type);
    assert.deepEqual([...new Set(steady)].sort(), [
      "aws:autoscaling/attachment:Attachment",
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
      "gcp:kms/keyRing:KeyRing",
    ]);
    await rehearsal.changes("up");
    assert.deepEqual(Object.keys(await rehearsal.changes("refresh")), ["same"]);
  });

  it("finds a resource that was lost, and makes it again", async () => {
    const lost = resources.find(({ type }) => type === "aws:route53/record:Record");
    assert.ok(lost);
    await rehearsal.clouds.client.ask("lose", { urn: lost.urn });
    const { delete: gone } = await rehearsal.changes("refresh");
    assert.equal(gone, 1);
    const { create } = await rehearsal.changes("up");
    assert.equal(create, 1);
  });

  it("leaves nothing after destroy", async () => {
    await rehearsal.changes("destroy");
    assert.deepEqual(await rehearsal.clouds.client.ask("resources"), []);
  });
});
