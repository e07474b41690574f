import assert from "node:assert/strict";
import fc from "fast-check";
import type { Metered, Quota } from "../../../components/contracts";
import { CATALOG } from "../../../stacks/catalog/catalog";
import type { ClusterConfig } from "../../../stacks/config/environment";
import { needsOf, quotaProblems } from "../../../stacks/quotas";
import { shippedEnvironment } from "../../components/stacks";

type Pool = ClusterConfig["nodePools"][number];

const pool = (machine: string, min: number, spot = false): Pool => ({
  ...{ name: "pool", machine, min, max: min + 1, spot, peers: false, diskGiB: 100 },
});

const aws = (name: string, region: string, ...nodePools: Pool[]): ClusterConfig => ({
  ...{ name, cloud: "aws", region, nodePools, administrators: [] },
});

const gcp = (name: string, project: string): ClusterConfig => ({
  ...{ name, cloud: "gcp", project, region: "europe-west4", nodePools: [pool("e2-standard-2", 1)] },
});

const quota = (of: Metered, allowed: number): Quota => ({
  ...{ of, allowed, name: `the ${of}`, code: `L-${of}`, raise: (to) => `raise ${of} to ${to}` },
});

/** Clusters, regions and amounts in short. */
const short = (clusters: ClusterConfig[]) =>
  needsOf({ clusters }).map(({ clusters: here, amounts }) => [
    here.map(({ name }) => name).join("+"),
    amounts.onDemandCpus,
    amounts.spotCpus,
    amounts.networks,
    amounts.clusters,
  ]);

describe("what an environment needs of quotas", () => {
  const table: [what: string, clusters: ClusterConfig[], needs: unknown[][]][] = [
    ["one pool", [aws("a", "us-east-1", pool("m6a.large", 3))], [["a", 6, 0, 1, 1]]],
    [
      "spot apart from the others",
      [aws("a", "us-east-1", pool("m6a.large", 2), pool("c6a.4xlarge", 3, true))],
      [["a", 4, 48, 1, 1]],
    ],
    ["pools that begin empty", [aws("a", "us-east-1", pool("c6a.8xlarge", 0, true))], [["a", 0, 0, 1, 1]]],
    [
      "clusters of one region together, of two apart",
      [
        aws("a", "us-east-1", pool("m6a.large", 1)),
        aws("b", "us-west-2", pool("m6a.xlarge", 1)),
        aws("c", "us-east-1", pool("m7g.xlarge", 2)),
      ],
      [
        ["a+c", 10, 0, 2, 2],
        ["b", 4, 0, 1, 1],
      ],
    ],
    [
      "projects of one region apart",
      [gcp("a", "one"), gcp("b", "two")],
      [
        ["a", 2, 0, 1, 1],
        ["b", 2, 0, 1, 1],
      ],
    ],
  ];
  for (const [what, clusters, needs] of table) {
    it(what, () => assert.deepEqual(short(clusters), needs));
  }

  it("is for prod what docs/environments.md says", () => {
    assert.deepEqual(short(shippedEnvironment("prod").clusters).slice(0, 2), [
      ["use1", 24, 0, 1, 1],
      ["usw2", 20, 0, 1, 1],
    ]);
  });

  it("counts every machine once, whatever the regions", () => {
    const machine = fc.constantFrom(...Object.keys(CATALOG.aws.machines));
    const pools = fc.array(
      fc.tuple(machine, fc.nat(20), fc.boolean()).map((of) => pool(...of)),
      { maxLength: 4 },
    );
    const region = fc.constantFrom("us-east-1", "us-west-2", "eu-west-1");
    const cluster = fc.tuple(region, pools).map(([where, of]) => aws("a", where, ...of));
    fc.assert(
      fc.property(fc.array(cluster, { maxLength: 8 }), (clusters) => {
        const needs = needsOf({ clusters });
        const total = (of: Metered) => needs.reduce((sum, { amounts }) => sum + amounts[of], 0);
        const cpus = clusters
          .flatMap(({ nodePools }) => nodePools)
          .reduce((sum, { machine: type, min }) => sum + min * (CATALOG.aws.machines[type]?.cpus ?? NaN), 0);
        assert.equal(total("onDemandCpus") + total("spotCpus"), cpus);
        assert.equal(total("networks"), clusters.length);
        assert.equal(needs.length, new Set(clusters.map(({ region: where }) => where)).size);
      }),
    );
  });
});

describe("quotas", () => {
  const [needs] = needsOf({
    clusters: [
      aws("a", "us-east-1", pool("m6a.large", 3), pool("m6a.large", 1, true)),
      aws("b", "us-east-1", pool("m6a.large", 1)),
    ],
  });
  assert.ok(needs);

  it("that are just enough are enough", () => {
    const enough = [
      quota("onDemandCpus", 8),
      quota("spotCpus", 2),
      quota("networks", 2),
      quota("clusters", 2),
    ];
    assert.deepEqual(quotaProblems(needs, enough), []);
  });

  it("that are too small are all told: which, where, how much, and what to do", () => {
    const problems = quotaProblems(needs, [
      quota("onDemandCpus", 7),
      quota("spotCpus", 2),
      quota("networks", 1),
    ]);
    assert.deepEqual(problems, [
      {
        code: "TN2010",
        at: "aws us-east-1",
        message: 'the quota "the onDemandCpus" (L-onDemandCpus) is too small for a and b',
        given: "8 vCPUs",
        allowed: "at most 7",
        remedy: "raise onDemandCpus to 8",
      },
      {
        code: "TN2010",
        at: "aws us-east-1",
        message: 'the quota "the networks" (L-networks) is too small for a and b',
        given: "2 VPCs",
        allowed: "at most 1",
        remedy: "raise networks to 2",
      },
    ]);
  });

  it("are exceeded exactly where more is needed than allowed", () => {
    fc.assert(
      fc.property(fc.nat(20), (allowed) => {
        assert.equal(quotaProblems(needs, [quota("onDemandCpus", allowed)]).length, allowed < 8 ? 1 : 0);
      }),
    );
  });
});
