import { randomUUID } from "node:crypto";
import { Refused } from "../../plugin/provider";
import { admit, admitDelete, partsOf } from "./admission";
import { CloudError, type Cloud, type Model, type SecretKind } from "./model";
import type { SecretAt, SecretReport } from "./protocol";
import type { CloudRecord, Site } from "./record";
import type { World } from "./world";

/** Secrets that no program makes stand in no state: their URN says so. */
const BY_HAND = "urn:pulumi:by-hand::secrets::secret::";

/**
 * Writes a value as a person does: makes the secret where there is none, else adds a version.
 * @param onlyNew refuses where there is one that has a value
 * @throws Refused in the cloud's words
 */
export function putSecret(world: World, at: SecretAt, value: string, onlyNew = false): void {
  const found = findSecret(world, at);
  if (found !== undefined && onlyNew && world.secrets.count(found.uid) > 0) {
    throw new Refused(`the secret ${at.name} already exists`);
  }
  const { uid } = found ?? make(world, at);
  world.secrets.add(uid, value);
}

/** Newest value; undefined where there is no secret of the name, or none has been written. */
export function secretValue(world: World, at: SecretAt): string | undefined {
  const found = findSecret(world, at);
  return found && world.secrets.latest(found.uid);
}

/** Secrets of one place, those of programs included, without their values. */
export function listSecrets(world: World, at: Omit<SecretAt, "name">): SecretReport[] {
  const { kind, model, site } = placeOf(world, at);
  return world.store
    .ofType(model.type)
    .filter((record) => isAt(record, site))
    .map(({ uid, id, inputs, urn }) => ({
      name: String(inputs[kind.property]),
      id,
      versions: world.secrets.count(uid),
      byHand: urn.startsWith(BY_HAND),
    }));
}

/** Whether there was one. Grants on it go with it. */
export function deleteSecret(world: World, at: SecretAt): boolean {
  const found = findSecret(world, at);
  if (found === undefined) return false;
  admitDelete(world, found);
  for (const record of [...partsOf(world, found), found]) world.store.remove(record.uid);
  world.secrets.forget(found.uid);
  return true;
}

function findSecret(world: World, at: SecretAt): CloudRecord | undefined {
  const { kind, model, site } = placeOf(world, at);
  return world.store
    .ofType(model.type)
    .find((record) => isAt(record, site) && record.inputs[kind.property] === at.name);
}

function make(world: World, at: SecretAt): CloudRecord {
  const { cloud, kind, model, site } = placeOf(world, at);
  const inputs = { ...kind.others, [kind.property]: at.name };
  const wrong = model.formats?.[kind.property]?.(at.name);
  if (wrong !== undefined) throw new Refused(wrong);
  const blank: CloudRecord = {
    ...{ uid: randomUUID(), cloud: cloud.name, type: model.type, id: "", urn: `${BY_HAND}${at.name}`, site },
    ...{ inputs, attributes: {}, drift: {}, facts: {}, phase: "active", claimed: true, revision: 0 },
    createdAt: Math.round(world.clock.now),
  };
  const named = { ...blank, id: model.id(world.made(blank)) };
  try {
    admit(world, named);
  } catch (error) {
    if (!(error instanceof CloudError)) throw error;
    throw new Refused(cloud.say("creating", model, at.name, error));
  }
  const whole = { ...named, attributes: world.attributes(named) };
  world.store.put(whole);
  return whole;
}

interface Place {
  readonly cloud: Cloud;
  readonly model: Model;
  readonly kind: SecretKind;
  readonly site: Site;
}

/** Where a cloud keeps a secret: some have a place for each region, some one for all. */
function placeOf(world: World, { cloud: name, site: asked }: Omit<SecretAt, "name">): Place {
  const cloud = world.clouds[name];
  const model = Object.values(cloud?.models ?? {}).find(({ secret }) => secret !== undefined);
  if (cloud === undefined || model?.secret === undefined) throw new Refused(`${name} has no secret manager`);
  const { account, region } = asked;
  const own =
    account === undefined || account === "" ? {} : { allowedAccountIds: [account], project: account };
  const config = { region, ...own };
  const problem = cloud.checkConfig(config);
  if (problem !== undefined) throw new Refused(problem);
  return { cloud, model, kind: model.secret, site: cloud.site(config, {}, model) };
}

function isAt({ site }: CloudRecord, { account, region }: Site): boolean {
  return site.account === account && site.region === region;
}
