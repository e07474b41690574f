import assert from "node:assert/strict";
import fc from "fast-check";
import { blockOf, cidr, contains, formatCidr, overlap, parseCidr } from "../../../components/cidr";
import { allocateAddresses, BLOCK_PREFIX } from "../../../stacks/addresses";

const clusterName = fc.stringMatching(/^[a-z][a-z0-9]{0,11}$/);
const names = (maxLength: number) => fc.uniqueArray(clusterName, { minLength: 1, maxLength });
const octet = fc.nat(255);

function allocate(
  clusters: readonly string[],
  reserved: readonly string[] = [],
  pins: Record<string, string> = {},
) {
  return allocateAddresses({
    space: "10.0.0.0/8",
    reserved,
    clusters: clusters.map((name) => ({ name, addresses: pins[name] })),
  });
}

describe("CIDR blocks", () => {
  it("are read and written back", () => {
    fc.assert(
      fc.property(octet, octet, octet, octet, fc.nat(32), (a, b, c, d, prefix) => {
        const text = `${a}.${b}.${c}.${d}/${prefix}`;
        const range = parseCidr(text);
        if (range !== undefined) assert.equal(formatCidr(range), text);
        if (prefix === 32) assert.ok(range);
      }),
    );
  });

  for (const text of [
    "10.0.0.0",
    "10.0.0.1/8",
    "256.0.0.0/8",
    "10.0.0.0/33",
    "10.0.0.0/-1",
    "x",
    "::/0",
    " 10.0.0.0/8",
  ]) {
    it(`${text} is none`, () => assert.equal(parseCidr(text), undefined));
  }

  it("are cut into blocks that fill them and do not overlap", () => {
    fc.assert(
      fc.property(fc.integer({ min: 8, max: 20 }), fc.integer({ min: 0, max: 6 }), (prefix, bits) => {
        const whole = cidr(`10.0.0.0/${prefix}`);
        const blocks = Array.from({ length: 2 ** bits }, (_, index) => blockOf(whole, prefix + bits, index));
        assert.ok(blocks.every((block) => contains(whole, block)));
        blocks.slice(1).forEach((block, index) => assert.ok(!overlap(block, blocks[index]!)));
        assert.throws(() => blockOf(whole, prefix + bits, 2 ** bits));
      }),
    );
  });
});

describe("addresses of clusters", () => {
  it("overlap with nothing: not with each other, not with what is reserved, and are within the space", () => {
    fc.assert(
      fc.property(
        names(40),
        fc.array(fc.tuple(octet, fc.integer({ min: 10, max: 32 })), { maxLength: 3 }),
        (clusters, used) => {
          const reserved = used.map(([b, prefix]) => {
            const size = 2 ** (32 - prefix);
            return formatCidr({ from: Math.floor((10 * 2 ** 24 + b * 2 ** 16) / size) * size, prefix });
          });
          const { addresses, problems } = allocate(clusters, reserved);
          if (problems.length > 0) return;
          assert.equal(addresses.size, clusters.length);
          const ranges = [...addresses.values()].flatMap(({ pods, nodes, services }) => [
            pods,
            nodes,
            services,
          ]);
          const all = [...ranges, ...reserved.filter((text, index) => reserved.indexOf(text) === index)].map(
            cidr,
          );
          const own = ranges.length;
          for (let one = 0; one < own; one++) {
            assert.ok(contains(cidr("10.0.0.0/8"), all[one]!));
            for (let other = one + 1; other < all.length; other++) {
              assert.ok(
                !overlap(all[one]!, all[other]!),
                `${formatCidr(all[one]!)} and ${formatCidr(all[other]!)}`,
              );
            }
          }
        },
      ),
    );
  });

  it("of a cluster stay where they are when others are appended", () => {
    fc.assert(
      fc.property(names(30), fc.nat(), (clusters, cut) => {
        const before = allocate(clusters.slice(0, 1 + (cut % clusters.length))).addresses;
        const after = allocate(clusters).addresses;
        for (const [name, given] of before) assert.deepEqual(after.get(name), given);
      }),
    );
  });

  it("that are set are given, whatever the others would take", () => {
    fc.assert(
      fc.property(names(20), fc.nat(127), (clusters, index) => {
        const [first = ""] = clusters;
        const wanted = formatCidr(blockOf(cidr("10.0.0.0/8"), BLOCK_PREFIX, index));
        const { addresses, problems } = allocate(clusters, [], { [first]: wanted });
        assert.deepEqual(problems, []);
        assert.ok(contains(cidr(wanted), cidr(addresses.get(first)?.pods ?? "")));
      }),
    );
  });

  it("are refused where two clusters want the same, or what is reserved", () => {
    const same = { one: "10.20.0.0/15", two: "10.20.0.0/15" };
    assert.deepEqual(
      allocate(["one", "two"], [], same).problems.map(({ code, index, key }) => [code, index, key]),
      [["TN1020", 1, "addresses"]],
    );
    const [problem] = allocate(["one"], ["10.21.4.0/24"], { one: "10.20.0.0/15" }).problems;
    assert.match(problem?.message ?? "", /addresses\.reserved \(10\.21\.4\.0\/24\)/);
  });

  it("run out, and say so", () => {
    const { problems } = allocateAddresses({
      space: "172.16.0.0/14",
      reserved: [],
      clusters: ["a", "b", "c"].map((name) => ({ name, addresses: undefined })),
    });
    assert.deepEqual(
      problems.map(({ code, given }) => [code, given]),
      [["TN1020", "c"]],
    );
  });

  it("are a /16 of pods and two /20", () => {
    const given = allocate(["use1"]).addresses.get("use1");
    assert.match(given?.pods ?? "", /^10\.\d+\.0\.0\/16$/);
    assert.match(given?.nodes ?? "", /\/20$/);
    assert.match(given?.services ?? "", /\/20$/);
  });
});
