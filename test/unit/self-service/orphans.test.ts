import assert from "node:assert/strict";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import fc from "fast-check";
import { TestnetError } from "../../../errors/problem";
import { AwsInventory, partsOf } from "../../../cli/reap/orphans/aws";
import { networkOfRecord } from "../../../cli/reap/orphans/aws-records";
import { deleteOrphans, findOrphans } from "../../../cli/reap/orphans/find";
import { GcpInventory } from "../../../cli/reap/orphans/gcp";
import {
  type CloudInventory,
  deletionOrder,
  orphansAmong,
  type TaggedResource,
} from "../../../cli/reap/orphans/inventory";
import { NOON } from "./stacks";

const NOW = new Date(NOON);
const resource = (change: Partial<TaggedResource> = {}): TaggedResource => ({
  ...{ cloud: "aws", region: "us-east-2", kind: "address", id: "eip-1", created: undefined, deletable: true },
  tags: { "testnet-stack": "ghost" },
  ...change,
});

const resources = fc.array(
  fc
    .record({
      stack: fc.option(fc.constantFrom("alice", "ghost", ""), { nil: undefined }),
      kind: fc.constantFrom("address", "secret", "disk"),
      created: fc.option(
        fc.integer({ min: 0, max: 96 }).map((hours) => new Date(NOON - hours * 3_600_000).toISOString()),
        { nil: undefined },
      ),
    })
    .map(({ stack, kind, created }) =>
      resource({ kind, created, tags: stack === undefined ? { other: "tag" } : { "testnet-stack": stack } }),
    ),
);

/** A place in memory. */
class Place implements CloudInventory {
  readonly deleted: string[] = [];
  constructor(
    readonly place: string,
    private readonly content: readonly TaggedResource[] | Error,
    private readonly stuck: readonly string[] = [],
  ) {}
  list = () =>
    this.content instanceof Error ? Promise.reject(this.content) : Promise.resolve([...this.content]);
  delete = ({ id }: TaggedResource) => {
    if (this.stuck.includes(id)) {
      return Promise.reject(new TestnetError({ code: "TN2038", at: id, message: "in use" }));
    }
    this.deleted.push(id);
    return Promise.resolve();
  };
}

describe("orphans", () => {
  it("nothing without our tag, of a known stack, or young is ever one", () => {
    fc.assert(
      fc.property(resources, (all) => {
        for (const orphan of orphansAmong(all, { names: new Set(["alice"]) }, NOW)) {
          assert.equal(orphan.tags["testnet-stack"], "ghost");
          if (orphan.created === undefined) assert.notEqual(orphan.kind, "secret");
          else assert.ok(NOON - Date.parse(orphan.created) >= 24 * 3_600_000);
        }
      }),
    );
    assert.equal(orphansAmong([resource()], { names: new Set() }, NOW).length, 1);
  });

  it("a place that does not answer, or a resource that does not go, keeps no other", async () => {
    const mute = new Place("mute", new TestnetError({ code: "TN2038", at: "mute", message: "503" }));
    const full = new Place(
      "full",
      [resource({ id: "a" }), resource({ id: "b" }), resource({ id: "c" })],
      ["b"],
    );
    const { orphans, problems } = await findOrphans([mute, full], { names: new Set() }, NOW);
    assert.deepEqual(
      problems.map(({ at }) => at),
      ["mute"],
    );
    const refused = await deleteOrphans(orphans, () => undefined);
    assert.deepEqual(full.deleted, ["a", "c"]);
    assert.deepEqual(
      refused.map(({ at }) => at),
      ["b"],
    );
  });

  it("what leads to something goes before it; what people must delete stays", async () => {
    const kinds = ["disk", "address", "target group", "load balancer"];
    const order = deletionOrder(kinds.map((kind) => resource({ kind, id: kind })));
    assert.deepEqual(
      order.map(({ kind }) => kind),
      ["load balancer", "target group", "address", "disk"],
    );
    const place = new Place("p", [resource({ kind: "DNS record", deletable: false })]);
    const { orphans } = await findOrphans([place], { names: new Set() }, NOW);
    await deleteOrphans(orphans, () => undefined);
    assert.deepEqual([orphans.length, place.deleted], [1, []]);
  });

  it("names of seeds are told from all others of a zone", () => {
    const network = (name: string) => networkOfRecord(name, "dev.example.org");
    assert.equal(network("seed-1.alice.dev.example.org."), "alice");
    for (const other of [
      "www.dev.example.org.",
      "a.b.c.dev.example.org",
      "dev.example.org",
      "x.y.example.org",
    ]) {
      assert.equal(network(other), undefined, other);
    }
  });
});

describe("the inventory of AWS", () => {
  const ARN = "arn:aws:ec2:us-east-2:111122223333:";
  const asked: { target: string; body: string }[] = [];
  let server: http.Server;
  let endpoint: string;
  const environment = { ...process.env };

  before(async () => {
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: "nobody", AWS_SECRET_ACCESS_KEY: "nothing" });
    server = http.createServer((request, response) => {
      let body = "";
      request.on("data", (chunk: Buffer) => (body += chunk.toString()));
      request.on("end", () => {
        const target = String(request.headers["x-amz-target"] ?? "query");
        asked.push({ target, body });
        const list = target.endsWith("GetResources");
        const tags = [{ Key: "testnet-stack", Value: "ghost" }];
        const page = (id: string, token: string) => ({
          PaginationToken: token,
          ResourceTagMappingList: [{ ResourceARN: `${ARN}${id}`, Tags: tags }],
        });
        const second = body.includes("next");
        const answer = second ? page("security-group-rule/sgr-1", "") : page("elastic-ip/eipalloc-1", "next");
        response.setHeader("content-type", list ? "application/x-amz-json-1.1" : "text/xml");
        response.end(
          list
            ? JSON.stringify(answer)
            : "<ReleaseAddressResponse><return>true</return></ReleaseAddressResponse>",
        );
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
    for (const name of ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]) {
      if (environment[name] === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = environment[name];
    }
  });

  it("lists all pages by the tag, and deletes by the id of an ARN what it knows how to", async () => {
    const inventory = new AwsInventory({ region: "us-east-2", endpoint, attempts: 1 });
    const found = await inventory.list();
    assert.deepEqual(
      found.map(({ kind, deletable }) => [kind, deletable]),
      [
        ["address", true],
        ["ec2 security-group-rule", false],
      ],
    );
    assert.ok(asked.every(({ body }) => body.includes('"Key":"testnet-stack"')));
    await inventory.delete(found[0]!);
    assert.match(asked.at(-1)?.body ?? "", /Action=ReleaseAddress.*AllocationId=eipalloc-1/);
    await assert.rejects(inventory.delete(found[1]!), /not deleted by this command/);
    assert.deepEqual(partsOf("arn:aws:secretsmanager:us-east-2:1:secret:testnet/a/b"), {
      service: "secretsmanager",
      resource: "secret:testnet/a/b",
    });
  });
});

describe("the inventory of GCP", () => {
  const LINK = "https://compute.googleapis.com/compute/v1/projects/p/regions/europe-west4/addresses/seed";
  it("lists labelled things of all regions and pages, and deletes by their own address", async () => {
    const calls: string[] = [];
    const answers: Readonly<Record<string, unknown>> = {
      addresses: {
        items: {
          "regions/europe-west4": {
            addresses: [
              {
                selfLink: LINK,
                labels: { "testnet-stack": "ghost" },
                creationTimestamp: "2026-02-01T00:00:00.000-08:00",
              },
              { selfLink: `${LINK}-other`, labels: { team: "other" } },
            ],
          },
        },
      },
      secrets: { secrets: [{ name: "projects/p/secrets/s", labels: { "testnet-stack": "ghost" } }] },
      rrsets: { rrsets: [{ name: "seed-1.ghost.example.org.", type: "A" }] },
    };
    const ask = ((url: string, { method }: { method: string }) => {
      calls.push(`${method} ${url}`);
      const kind = Object.keys(answers).find((name) => new URL(url).pathname.endsWith(`/${name}`)) ?? "";
      return Promise.resolve(new Response(JSON.stringify(answers[kind] ?? {}), { status: 200 }));
    }) as unknown as typeof fetch;
    const zones = [{ id: "projects/p/managedZones/zone", domain: "example.org" }];
    const inventory = new GcpInventory({ project: "p", zones, ask, token: () => Promise.resolve("t") });
    const found = await inventory.list();
    assert.deepEqual(
      found.map(({ kind, region, deletable }) => [kind, region, deletable]),
      [
        ["address", "europe-west4", true],
        ["secret", "global", true],
        ["DNS record", "global", false],
      ],
    );
    assert.equal(found[0]?.created, "2026-02-01T08:00:00.000Z");
    await inventory.delete(found[0]);
    assert.equal(calls.at(-1), `DELETE ${LINK}`);
    await assert.rejects(inventory.delete(found[2]!), /left to people/);
  });

  it("a refusal is told with the place and the cloud's words", async () => {
    const ask = (() =>
      Promise.resolve(new Response("quota exceeded", { status: 429 }))) as unknown as typeof fetch;
    const inventory = new GcpInventory({ project: "p", zones: [], ask, token: () => Promise.resolve("t") });
    await assert.rejects(inventory.list(), /TN2038 GCP p: .*quota exceeded/);
  });
});
