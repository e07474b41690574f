import assert from "node:assert/strict";
import fc from "fast-check";
import { longestName, type NameKind, physicalName } from "../../../components/naming";

const KINDS: readonly NameKind[] = [
  "iamRole",
  "serviceAccount",
  "s3Bucket",
  "gkeCluster",
  "helmRelease",
  "namespace",
];
const part = fc.stringMatching(/^[a-zA-Z0-9._ä-]{1,50}$/);

describe("names", () => {
  it("are what their parts say while that fits", () => {
    assert.equal(physicalName("iamRole", "prod", "use1", "nodes"), "prod-use1-nodes");
  });

  it("are short enough, hold only what is allowed, and begin and end as they must", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...KINDS),
        fc.array(part, { minLength: 1, maxLength: 4 }),
        (kind, parts) => {
          const name = physicalName(kind, "a", ...parts);
          assert.ok(name.length <= longestName(kind), name);
          assert.match(name, /^[a-z0-9-]+$/);
          assert.match(name, /^a/);
        },
      ),
    );
  });

  it("are the same every time, and differ where their parts do", () => {
    fc.assert(
      fc.property(fc.constantFrom(...KINDS), part, part, (kind, one, other) => {
        assert.equal(physicalName(kind, "x", one), physicalName(kind, "x", one));
        if (one !== other) assert.notEqual(physicalName(kind, "x", one), physicalName(kind, "x", other));
      }),
    );
  });

  it("that are too long end in a hash of the whole", () => {
    const long = (last: string) => physicalName("serviceAccount", "a-very-long-stack-name", "cluster", last);
    assert.match(long("nodes"), /^a-very-long-stack-nam-[0-9a-f]{8}$/);
    assert.notEqual(long("nodes"), long("other"));
  });
});
