import fc from 'fast-check';
import { NotLoadedError, link, type Links } from '../../../lib/index.js';
import type { SessionModel, Tracked } from '../session-model.js';
import type { CollectionName } from '../tables.js';
import { em, entityOf, pick, type Scene, type Step } from '../world.js';

const which = fc.nat(20);

/** Points a record link elsewhere, in every way that there is, or takes it away. */
export const teamStep: fc.Arbitrary<Step> = fc
  .record({ which, target: which, way: fc.constantFrom('entity', 'link', 'id', 'set', 'assign', 'none') })
  .map(({ which, target, way }) => ({
    text: `team of person[${which}] = team[${target}] by ${way}`,
    run: async (scene: Scene) => {
      const one = pick(scene.session.live('person'), which);
      // An id alone does not tell that its record is still to be made.
      const teams = scene.session.live('team').filter(({ phase }) => phase !== 'new' || !BY_ID.includes(way));
      const team = pick(teams, target);
      if (one === undefined || (team === undefined && way !== 'none')) return;
      // An entity put there bare becomes a link with the next flush, and counts as a change until then.
      if (way === 'entity' && one.base?.['team'] === team?.id) return;
      pointTo(scene, one, team, way);
      if (way === 'none') delete one.now['team'];
      else one.now['team'] = team?.id;
    },
  }));

const BY_ID = ['id'];

function pointTo(scene: Scene, one: Tracked, team: Tracked | undefined, way: string): void {
  const person = entityOf(one);
  const target = team?.entity as { readonly id: never };
  if (way === 'none') person['team'] = undefined;
  else if (way === 'link') person['team'] = link(target);
  else if (way === 'id') em(scene).assign(person, { team: target.id });
  else if (way === 'set') setLink(scene, one, target);
  else if (way === 'assign') em(scene).assign(person, { team: target });
  else person['team'] = target;
}

/** A link that was just put there belongs to nobody yet. */
function setLink(scene: Scene, one: Tracked, target: object): void {
  const held = entityOf(one)['team'] as { set?: (target: unknown) => void } | undefined;
  try {
    if (held?.set !== undefined) return held.set(target);
  } catch (error) {
    if (!(error instanceof NotLoadedError)) throw error;
  }
  em(scene).assign(entityOf(one), { team: target });
}

/** Whose collection it is, and of what. */
const ENDS: Readonly<Record<CollectionName, readonly ['person' | 'team', 'person' | 'label']>> = {
  labels: ['person', 'label'],
  friends: ['person', 'person'],
  knownBy: ['person', 'person'],
  members: ['team', 'person'],
};

/** Adds to a collection or takes out of it. Edges go with data or without. */
export const collectionStep: fc.Arbitrary<Step> = fc
  .record({
    name: fc.constantFrom<CollectionName>('labels', 'friends', 'friends', 'knownBy', 'members'),
    which,
    target: which,
    verb: fc.constantFrom('add', 'add', 'add', 'remove', 'remove', 'clear', 'set'),
    weight: fc.option(fc.nat(9), { nil: undefined }),
  })
  .map((plan) => ({ text: `collection ${JSON.stringify(plan)}`, run: async (scene) => changeCollection(scene, plan) }));

interface Plan {
  readonly name: CollectionName;
  readonly which: number;
  readonly target: number;
  readonly verb: string;
  readonly weight: number | undefined;
}

function changeCollection({ session }: Scene, plan: Plan): void {
  const [ownerTable, targetTable] = ENDS[plan.name];
  const owner = pick(session.live(ownerTable), plan.which);
  const target = pick(session.live(targetTable), plan.target);
  if (owner === undefined || target === undefined) return;
  const isInverse = plan.name === 'members';
  // What replaces a record does not know what leads to it.
  const isBlind = isInverse && owner.phase === 'new' && owner.members(plan.name).view === undefined;
  const verb = isBlind && (plan.verb === 'clear' || plan.verb === 'set') ? 'add' : plan.verb;
  const weight = plan.name === 'friends' ? plan.weight : undefined;
  const links = entityOf(owner)[plan.name] as Links<object>;
  const members = owner.members(plan.name);
  const isNew = owner.startsEmpty(plan.name);
  if (verb === 'add') {
    links.add(target.entity as object, ...(weight === undefined ? [] : [{ weight } as never]));
    members.add(target.id, weight);
    if (isInverse) target.now['team'] = owner.id;
  } else if (verb === 'remove') {
    links.remove(target.entity as object);
    members.remove(target.id, isNew);
    if (isInverse && target.now['team'] === owner.id) delete target.now['team'];
  } else {
    const wanted = verb === 'set' ? [target] : [];
    if (verb === 'clear') links.clear();
    else links.set(wanted.map(({ entity }) => entity as object));
    replaceMembers(session, owner, plan.name, wanted);
  }
}

function replaceMembers(session: SessionModel, owner: Tracked, name: CollectionName, wanted: readonly Tracked[]): void {
  const members = owner.members(name);
  const isInverse = name === 'members';
  const before = members.view;
  const others = [...(before ?? [])].filter((id) => wanted.every((one) => one.id !== id));
  if (isInverse) for (const id of others) leaveTeam(session, id, owner.id);
  if (before === undefined || wanted.length === 0) members.clear();
  else for (const id of others) members.remove(id, owner.startsEmpty(name));
  if (before === undefined && owner.phase !== 'new')
    members.unread ||= isInverse || (name !== 'labels' && wanted.length > 0);
  for (const one of wanted) {
    members.add(one.id);
    if (isInverse) one.now['team'] = owner.id;
  }
}

/** One that was put elsewhere meanwhile stays there. */
export function leaveTeam(session: SessionModel, id: string, team: string): void {
  const one = session.get(id);
  if (one?.now['team'] === team) delete one.now['team'];
}
