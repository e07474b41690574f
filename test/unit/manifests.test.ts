import * as assert from "node:assert/strict";
import { checkManifest } from "../../manifests/check";
import { schemaOf } from "../../manifests/generate";
import { manifestSchema } from "../../manifests/schema";

const SCHEMA = manifestSchema("1.36")!;

function deployment(container: object, more: object = {}): Record<string, unknown> {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", labels: { app: "web" } },
    spec: {
      selector: { matchLabels: { app: "web" } },
      template: {
        metadata: { labels: { app: "web" } },
        spec: { containers: [{ name: "web", ...container }] },
      },
      ...more,
    },
  };
}

describe("the offline check of manifests", () => {
  it("takes what the API server takes", () => {
    const container = {
      image: "web",
      ports: [{ containerPort: 80, hostPort: 8080, protocol: "UDP" }],
      resources: { requests: { cpu: "250m", memory: "1.5Gi" }, limits: { memory: 2e9 } },
      readinessProbe: { httpGet: { port: "http", path: "/" }, periodSeconds: 5 },
      env: undefined,
      securityContext: null,
    };
    assert.deepEqual(checkManifest(SCHEMA, deployment(container, { replicas: 2 })), []);
  });

  const WRONG: readonly [string, object, object, string, RegExp][] = [
    ["a misspelt field", {}, { replicass: 2 }, "spec.replicass", /replicas/],
    ["one deep inside", { imge: "web" }, {}, "spec.template.spec.containers[0].imge", /image/],
    [
      "a quantity that is none",
      { resources: { requests: { memory: "1GB" } } },
      {},
      'spec.template.spec.containers[0].resources.requests["memory"]',
      /Gi/,
    ],
    [
      "a port that is none",
      { ports: [{ containerPort: 70_000 }] },
      {},
      "spec.template.spec.containers[0].ports[0].containerPort",
      /65535/,
    ],
    ["a text for a number", {}, { replicas: "2" }, "spec.replicas", /whole number/],
    ["a mapping for a list", { ports: {} }, {}, "spec.template.spec.containers[0].ports", /list/],
    ["a missing field", { ports: [{}] }, {}, "spec.template.spec.containers[0].ports[0].containerPort", /^$/],
  ];
  for (const [what, container, more, path, allowed] of WRONG) {
    it(`finds ${what}`, () => {
      const problems = checkManifest(SCHEMA, deployment(container, more));
      assert.deepEqual(
        problems.map((problem) => problem.path),
        [path],
      );
      assert.match(problems[0]?.allowed ?? "", allowed);
    });
  }

  it("passes over what is known only later, and over kinds of others", () => {
    const isUnknown = (value: unknown) => value === "later";
    assert.deepEqual(checkManifest(SCHEMA, deployment({}, { replicas: "later" }), isUnknown), []);
    const custom = {
      apiVersion: "example.org/v1",
      kind: "Thing",
      metadata: { name: "one" },
      spec: { any: 1 },
    };
    assert.deepEqual(checkManifest(SCHEMA, custom), []);
  });

  it("finds a name that is none", () => {
    const problems = checkManifest(SCHEMA, {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: "My_Space" },
    });
    assert.deepEqual(
      problems.map(({ path }) => path),
      ["metadata.name"],
    );
  });

  it("has a schema of every version that environments may have", () => {
    const { KUBERNETES_VERSIONS } =
      require("../../stacks/catalog/catalog") as typeof import("../../stacks/catalog/catalog");
    for (const version of KUBERNETES_VERSIONS) {
      assert.ok(manifestSchema(version)?.version.startsWith(`${version}.`), version);
    }
  });

  it("is made from the API's own description", () => {
    const schema = schemaOf("1.0.0", {
      "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta": { properties: { name: { type: "string" } } },
      "io.k8s.api.core.v1.Thing": {
        properties: {
          metadata: { $ref: "#/definitions/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta" },
          sizes: {
            type: "array",
            items: { $ref: "#/definitions/io.k8s.apimachinery.pkg.api.resource.Quantity" },
          },
        },
        required: ["sizes"],
        "x-kubernetes-group-version-kind": [{ group: "", version: "v1", kind: "Thing" }],
      },
    });
    assert.deepEqual(schema.kinds, { "v1 Thing": "core.v1.Thing" });
    assert.deepEqual(schema.types["core.v1.Thing"], {
      fields: { metadata: "meta.v1.ObjectMeta", sizes: "[]quantity" },
      required: ["sizes"],
    });
  });
});
