import assert from "node:assert/strict";
import fc from "fast-check";
import { fullName, parseReference, registryHost } from "../../../components/images/reference";

const DIGEST = `sha256:${"a1".repeat(32)}`;

const word = fc.stringMatching(/^[a-z0-9]{1,12}([._-][a-z0-9]{1,8})?$/);
const host = fc.oneof(
  fc.constant("localhost"),
  fc.stringMatching(/^[a-z]{1,8}\.[a-z]{2,4}$/),
  fc.stringMatching(/^[a-z]{1,8}:[1-9][0-9]{2,4}$/),
);
const path = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join("/"));
const tag = fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,20}$/);
const digest = fc.stringMatching(/^[0-9a-f]{64}$/).map((hex) => `sha256:${hex}`);
const maybe = <T>(what: fc.Arbitrary<T>) => fc.option(what, { nil: undefined });

describe("references to images", () => {
  it("come apart into what they were made of", () => {
    fc.assert(
      fc.property(maybe(host), path, maybe(tag), maybe(digest), (at, of, named, fixed) => {
        const name = at === undefined ? of : `${at}/${of}`;
        const written = `${name}${named === undefined ? "" : `:${named}`}${fixed === undefined ? "" : `@${fixed}`}`;
        assert.deepEqual(parseReference(written), { name, tag: named, digest: fixed });
      }),
    );
  });

  it("are refused where a registry would not take them", () => {
    for (const wrong of [
      "",
      "Geth:1",
      "geth:",
      "geth:1@sha256:abc",
      "geth:1:2",
      "a//b",
      "/geth",
      "geth ",
      `geth@${DIGEST}0`,
    ]) {
      assert.equal(parseReference(wrong), undefined, wrong);
    }
  });

  it("belong to the registry they name, and to Docker Hub where they name none", () => {
    fc.assert(
      fc.property(host, path, (at, of) => {
        assert.equal(registryHost(`${at}/${of}`), at);
        assert.equal(fullName(`${at}/${of}`), `${at}/${of}`);
      }),
    );
  });

  it("of Docker Hub are one, however they are written, and have an owner", () => {
    for (const [written, full] of [
      ["node", "library/node"],
      ["library/node", "library/node"],
      ["docker.io/node", "library/node"],
      ["docker.io/library/node", "library/node"],
      ["index.docker.io/library/node", "library/node"],
      ["registry-1.docker.io/library/node", "library/node"],
      ["sigp/lighthouse", "sigp/lighthouse"],
      ["docker.io/sigp/lighthouse", "sigp/lighthouse"],
      ["docker.io/a/b/c", "a/b/c"],
    ] as const) {
      assert.equal(fullName(written), `registry-1.docker.io/${full}`, written);
      assert.equal(registryHost(written), "registry-1.docker.io", written);
    }
  });

  it("keep their full name", () => {
    fc.assert(
      fc.property(maybe(host), path, (at, of) => {
        const full = fullName(at === undefined ? of : `${at}/${of}`);
        assert.equal(fullName(full), full);
        assert.ok(full.startsWith(`${registryHost(full)}/`));
      }),
    );
  });
});
