import {
  CloudError,
  type Model,
  type Quota,
  type QuotaUse,
  type Reference,
  type Seen,
  type Unique,
} from "./model";
import { valuesAt } from "./paths";
import type { CloudRecord, Site } from "./record";
import { holds, type World } from "./world";

/** What a cloud refuses because of what else is in it: the same rules for all types. Throws CloudError. */

/** Everything that is looked at before a resource is made or changed. */
export function admit(world: World, record: CloudRecord, previous?: CloudRecord): void {
  const model = world.modelOf(record);
  refuseDangling(world, record, model);
  refuseTwins(world, record, model);
  refuseOverQuota(world, record, model, previous);
  model.admit?.(world.made(record), previous);
}

/** Everything that is looked at before a resource is deleted. */
export function admitDelete(world: World, record: CloudRecord): void {
  const model = world.modelOf(record);
  const made = world.made(record);
  model.admitDelete?.(made);
  const users = usersOf(world, record);
  if (users.length === 0) return;
  const names = users.map((user) => user.id).join(", ");
  throw (
    model.inUse?.(made, users) ??
    new CloudError("ResourceInUse", `${model.title} ${record.id} is in use by ${names}`, 409)
  );
}

/** Resources that stand on this one. */
function usersOf(world: World, record: CloudRecord): CloudRecord[] {
  return naming(world, record, ({ loose, cascade }) => loose !== true && cascade !== true);
}

/** Resources that go with this one. */
export function partsOf(world: World, record: CloudRecord): CloudRecord[] {
  return naming(world, record, ({ cascade }) => cascade === true);
}

function naming(world: World, record: CloudRecord, counts: (reference: Reference) => boolean): CloudRecord[] {
  const names = (other: CloudRecord) =>
    Object.entries(world.modelOf(other).references ?? {}).some(
      ([path, reference]) =>
        counts(reference) &&
        targets(reference).includes(record.type) &&
        valuesAt(other.inputs, path).some(({ value }) => isNamed(record, value, reference)),
    );
  return world.store
    .all()
    .filter((other) => other.uid !== record.uid && other.cloud === record.cloud)
    .filter((other) => world.isNear(record.cloud, other.site, record.site) && names(other));
}

function refuseDangling(world: World, record: CloudRecord, model: Model): void {
  const look = world.look(record.cloud, record.site);
  for (const [path, reference] of Object.entries(model.references ?? {})) {
    for (const { value } of valuesAt(record.inputs, path)) {
      if (reference.except?.(String(value)) === true) continue;
      const found = targets(reference).flatMap((type) => look.all(type));
      if (found.some((other) => isNamed(other.record, value, reference))) continue;
      throw missing(world, record, targets(reference), String(value));
    }
  }
}

function missing(world: World, record: CloudRecord, types: readonly string[], value: string): CloudError {
  const target = world.cloudOf(record).models[types[0] ?? ""];
  return (
    target?.notFound?.(value) ??
    new CloudError("NotFound", `${target?.title ?? "resource"} ${value} does not exist`, 404)
  );
}

function targets({ to }: Reference): readonly string[] {
  return typeof to === "string" ? [to] : to;
}

function isNamed(record: CloudRecord, value: unknown, { by = ["id"] }: Reference): boolean {
  return by.some((attribute) => holds(record, attribute, value));
}

function refuseTwins(world: World, record: CloudRecord, model: Model): void {
  const { unique } = model;
  if (unique === undefined) return;
  const made = world.made(record);
  const key = keyOf(unique, made);
  const isRival = ({ site }: { readonly site: Site }) => {
    if (unique.per === "world") return true;
    return (
      site.account === record.site.account && (unique.per === "account" || site.region === record.site.region)
    );
  };
  const twin = world.store
    .ofType(record.type)
    .filter((other) => other.uid !== record.uid && isRival(other))
    .find((other) => keyOf(unique, world.made(other)) === key);
  if (twin !== undefined) throw unique.words(made);
  const taken = world.store
    .takenNames()
    .find((name) => name.type === record.type && name.key === key && isRival(name));
  if (taken !== undefined) throw new CloudError(taken.error.code, taken.error.message, taken.error.status);
}

function keyOf(unique: Unique, { inputs }: Pick<Seen, "inputs">): string {
  return JSON.stringify(unique.by.map((path) => valuesAt(inputs, path)[0]?.value ?? null));
}

/** After a resource was deleted: its name may stay taken. */
export function keepName(world: World, record: CloudRecord): void {
  const { unique } = world.modelOf(record);
  const made = world.made(record);
  const error = unique?.outlives?.(made);
  if (unique === undefined || error === undefined) return;
  const { cloud, type, site } = record;
  const { code, message, status } = error;
  world.store.take({ cloud, type, site, key: keyOf(unique, made), error: { code, message, status } });
}

/** @throws CloudError where a resource would take more than there is */
export function refuseOverQuota(
  world: World,
  record: CloudRecord,
  model: Model,
  previous?: CloudRecord,
): void {
  for (const use of model.quotas ?? []) {
    const asked = amountOf(use, record);
    if (previous !== undefined && asked <= amountOf(use, previous)) continue;
    const others = quotaUsers(world, use.quota, record).filter(({ user }) => user.uid !== record.uid);
    const total = others.reduce((sum, { amount }) => sum + amount, asked);
    const limit = world.limitOf(use.quota);
    if (total > limit) throw use.quota.words(limit, record.site);
  }
}

/** Who takes how much of a quota, where the given resource stands. */
export function quotaUsers(
  world: World,
  quota: Quota,
  at: CloudRecord,
): { user: CloudRecord; amount: number }[] {
  return world.store.all().flatMap((user) => {
    if (user.cloud !== at.cloud || user.site.account !== at.site.account) return [];
    if (quota.per === "region" && user.site.region !== at.site.region) return [];
    const uses = (world.modelOf(user).quotas ?? []).filter((use) => use.quota.id === quota.id);
    return uses
      .filter((use) => quota.per !== "parent" || withinOf(world, at, quota) === use.within?.(user))
      .map((use) => ({ user, amount: amountOf(use, user) }));
  });
}

function withinOf(world: World, record: CloudRecord, quota: Quota): string | undefined {
  return world
    .modelOf(record)
    .quotas?.find((use) => use.quota.id === quota.id)
    ?.within?.(record);
}

function amountOf(use: QuotaUse, record: CloudRecord): number {
  return use.amount?.(record) ?? 1;
}
