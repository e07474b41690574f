import { Refused } from "../../plugin/provider";
import { quotaUsers } from "./admission";
import { attach } from "./attach";
import type { CloudMethod, CloudMethods, QuotaReport } from "./protocol";
import type { CloudRecord } from "./record";
import { deleteSecret, listSecrets, putSecret, secretValue } from "./secrets";
import type { World } from "./world";

/** Who asks. */
export interface Caller {
  /** When the connection is closed. */
  onLeave(work: () => void): void;
}

type Methods = {
  readonly [M in CloudMethod]: (
    params: CloudMethods[M]["params"],
    caller: Caller,
  ) => CloudMethods[M]["result"] | Promise<CloudMethods[M]["result"]>;
};

/** Ends the standstill of work that was begun, by the number of its operation. */
const standstills = new Map<number, () => void>();

/** What the daemon answers. */
export function methods(world: World): Methods {
  const { store, clock } = world;
  return {
    attach: ({ provider }, caller) => attach(world, provider, caller),
    resources: () => store.all().map((record) => ({ ...withoutOurs(record), name: world.made(record).name })),
    operations: () => store.operations(),
    quotas: () => quotas(world),
    openings: () =>
      store.all().flatMap((record) => {
        const made = world.made(record);
        const openings = world.modelOf(record).openings?.(made) ?? [];
        const { cloud, site } = record;
        return openings.map((opening) => ({ ...opening, cloud, region: site.region, name: made.name }));
      }),
    entrances: () =>
      store.all().flatMap((record) => {
        const made = world.made(record);
        const entrances = world.modelOf(record).entrances?.(made) ?? [];
        return entrances.map((entrance) => ({ ...entrance, cloud: record.cloud, name: made.name }));
      }),
    clusters: async () => {
      const ids = store
        .all()
        .flatMap(({ facts }) => (typeof facts["cluster"] === "string" ? [facts["cluster"]] : []));
      const found = await Promise.all(
        ids.map(async (id) => ({ id, access: await world.clusters.access(id) })),
      );
      return found.flatMap(({ id, access }) => (access === undefined ? [] : [{ id, access }]));
    },
    now: () => clock.now,
    touch: () => {
      clock.touch();
      return null;
    },
    arm: ({ faults }) => {
      world.faults.arm(faults);
      return null;
    },
    cut: async ({ cluster }) => {
      await world.clusters.cut(cluster);
      return null;
    },
    restore: async ({ cluster }) => {
      await world.clusters.restore(cluster);
      return null;
    },
    lose: ({ urn }) => {
      store.remove(recordOf(world, urn).uid);
      return null;
    },
    drift: ({ urn, attributes }) => {
      const record = recordOf(world, urn);
      const drifted = { ...record, drift: { ...record.drift, ...attributes } };
      store.put({ ...drifted, attributes: world.attributes(drifted) });
      return null;
    },
    workBegins: (begun, caller) => {
      const operation = store.begin({ ...begun, id: "", startedAt: clock.now });
      if (world.faults.strike(begun.operation, begun.type, begun.urn) === "refuse") {
        const error = `${begun.type} ${begun.name}: the server is currently unable to handle the request (simulated)`;
        store.end(operation, { endedAt: clock.now, result: "failed", error });
        throw new Refused(error);
      }
      const { number } = operation;
      const release = clock.hold();
      standstills.set(number, release);
      caller.onLeave(release);
      return { number };
    },
    workEnds: async ({ number, seconds, ...ended }) => {
      standstills.get(number)?.();
      standstills.delete(number);
      await clock.wait(seconds);
      const operation = store.operations().find((one) => one.number === number);
      if (operation !== undefined) store.end(operation, { ...ended, endedAt: clock.now });
      return null;
    },
    secretPut: ({ value, onlyNew, ...at }) => {
      putSecret(world, at, value, onlyNew);
      return null;
    },
    secretGet: (at) => {
      const value = secretValue(world, at);
      return value === undefined ? null : { value };
    },
    secretList: (at) => listSecrets(world, at),
    secretDelete: (at) => ({ deleted: deleteSecret(world, at) }),
  };
}

function withoutOurs(record: CloudRecord) {
  const { cloud, type, id, urn, site, phase, claimed, createdAt, attributes } = record;
  return { cloud, type, id, urn, site, phase, claimed, createdAt, attributes };
}

function recordOf(world: World, urn: string): CloudRecord {
  const found = world.store.all().find((record) => record.urn === urn);
  if (found === undefined) throw new Error(`nothing of ${urn} exists in the simulated clouds`);
  return found;
}

/** Every quota that something is taken of, where it is. */
function quotas(world: World): QuotaReport[] {
  const reports = new Map<string, QuotaReport>();
  for (const record of world.store.all()) {
    for (const { quota } of world.modelOf(record).quotas ?? []) {
      const users = quotaUsers(world, quota, record);
      const region = quota.per === "account" ? "global" : record.site.region;
      const used = users.reduce((sum, { amount }) => sum + amount, 0);
      const key = `${record.cloud} ${quota.id} ${region}`;
      const other = reports.get(key);
      if (other !== undefined && other.used >= used) continue;
      reports.set(key, {
        ...{ id: quota.id, name: quota.name, cloud: record.cloud, region, used },
        ...{ limit: world.limitOf(quota), defaultLimit: quota.limit },
      });
    }
  }
  return [...reports.values()];
}
