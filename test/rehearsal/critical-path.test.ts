import * as assert from "node:assert/strict";
import type { CloudOperation } from "../../simulator/cloud/record";
import { timeReport } from "../../simulator/rehearsal/critical-path";

function created(urn: string, startedAt: number, endedAt: number): CloudOperation {
  return {
    number: 1,
    operation: "create",
    cloud: "aws",
    type: "t",
    urn,
    name: urn,
    id: urn,
    region: "r",
    startedAt,
    endedAt,
    result: "ok",
  };
}

describe("the critical path of a rehearsal", () => {
  const net = { urn: "net", type: "aws:Net" };
  const cluster = { urn: "cluster", type: "aws:Cluster", propertyDependencies: { subnets: ["net"] } };
  const provider = { urn: "provider", type: "pulumi:providers:kubernetes", dependencies: ["cluster"] };
  const release = { urn: "release", type: "helm", provider: "provider::id-1" };
  const zone = { urn: "zone", type: "aws:Zone" };
  const resources = [net, cluster, provider, release, zone];

  it("goes through properties, providers and parents, and leaves out what takes no time", () => {
    const report = timeReport(resources, [
      created("net", 0, 10),
      created("cluster", 10, 110),
      created("release", 110, 140),
      created("zone", 0, 60),
    ]);
    assert.deepEqual(
      report.path.map(({ name, seconds }) => [name, seconds]),
      [
        ["net", 10],
        ["cluster", 100],
        ["release", 30],
      ],
    );
    assert.deepEqual([report.makespanSeconds, report.criticalPathSeconds, report.ratio], [140, 140, 1]);
  });

  it("shows as a ratio above 1 that something waited for what it does not need", () => {
    const report = timeReport(resources, [
      created("net", 0, 10),
      created("cluster", 60, 160),
      created("release", 160, 190),
      created("zone", 0, 60),
    ]);
    assert.equal(report.ratio, 1.357);
  });

  it("counts a create that failed once by the one that succeeded", () => {
    const failed: CloudOperation = { ...created("net", 0, 5), result: "failed" };
    const report = timeReport([net], [failed, created("net", 10, 20)]);
    assert.equal(report.criticalPathSeconds, 10);
  });
});
