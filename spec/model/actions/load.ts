import fc from 'fast-check';
import type { Links } from '../../../lib/index.js';
import { expectSame } from '../check.js';
import type { Row } from '../rows.js';
import type { Tracked } from '../session-model.js';
import { TABLES, type CollectionName, type TableName } from '../tables.js';
import { em, entityOf, pick, type Scene, type Step } from '../world.js';
import { KEYS } from './create.js';
import { leaveTeam } from './link.js';

type Fetched = CollectionName | 'team';
const FETCHES: Readonly<Record<TableName, readonly Fetched[]>> = {
  team: ['members'],
  label: [],
  person: ['team', 'labels', 'friends', 'knownBy'],
  knows: [],
};
const tables = fc.constantFrom<TableName>('team', 'label', 'person', 'person', 'knows');

/** All records of a table, with one of its relations or none. */
export const findStep: fc.Arbitrary<Step> = fc.record({ table: tables, fetch: fc.nat(8) }).map(({ table, fetch }) => {
  const relation = FETCHES[table][fetch];
  return { text: `find ${table} with ${String(relation)}`, run: (scene) => find(scene, table, relation) };
});

async function find(scene: Scene, table: TableName, fetch: Fetched | undefined): Promise<void> {
  const rows = scene.db.ofTable(table);
  const options = fetch === undefined ? {} : { fetch: { [fetch]: true } };
  const found = await em(scene).find(TABLES[table].entity, {}, options as never);
  expectSame(new Set(found.map(idOf)), new Set(rows.map(([id]) => id)), `find ${table}`);
  const owners = rows.map(([id, row]) => [scene.session.adopt(id, row), row] as const);
  for (const entity of found) recognise(scene, entity);
  if (fetch !== undefined) for (const [owner, row] of owners) adoptRelation(scene, owner, row, fetch);
}

/** By id: of what is tracked nothing is sent. */
export const findOneStep: fc.Arbitrary<Step> = fc
  .record({ table: fc.constantFrom<TableName>('team', 'label', 'person'), key: fc.constantFrom(...KEYS) })
  .map(({ table, key }) => ({
    text: `findOne ${table}:${key}`,
    run: async (scene: Scene) => {
      const id = `${table}:${key}`;
      const known = scene.session.get(id);
      const row = scene.db.rows.get(id);
      scene.world.subject.clear();
      const entity = await em(scene).findOne(TABLES[table].entity, key as never);
      if (known !== undefined) expectSame(scene.world.subject.sent().length, 0, `requests of findOne ${id}`);
      const isThere = known === undefined ? row !== undefined : known.phase !== 'removed';
      expectSame(entity !== null, isThere, `findOne ${id} finds something`);
      if (entity === null) return;
      if (known === undefined) scene.session.adopt(id, row as Row);
      recognise(scene, entity);
    },
  }));

/** The members of a collection, read where they are not known. */
export const loadStep: fc.Arbitrary<Step> = fc
  .record({ which: fc.nat(40), collection: fc.nat(2) })
  .map(({ which, collection }) => ({
    text: `load collection ${collection} of [${which}]`,
    run: async (scene: Scene) => {
      const owners = scene.session.live().filter(({ collections }) => collections.size > 0);
      const owner = pick(owners, which);
      if (owner !== undefined) await load(scene, owner, pick(owner.table.collections, collection) as CollectionName);
    },
  }));

async function load(scene: Scene, owner: Tracked, name: CollectionName): Promise<void> {
  const members = owner.members(name);
  if (owner.phase === 'new' && members.view === undefined) return;
  scene.world.subject.clear();
  const found = (await (entityOf(owner)[name] as Links<object>).load()) as object[];
  const isRead = scene.world.subject.sent().length > 0;
  if (members.known === undefined && !members.cleared) expectSame(isRead, true, `a request for ${name} of ${owner.id}`);
  if (isRead) adoptRelation(scene, owner, scene.db.rows.get(owner.id), name);
  // One that was added before it was let go of is shown here still.
  const added = new Set(members.added.keys());
  for (const entity of found)
    if (scene.session.get(idOf(entity)) !== undefined || !added.has(idOf(entity))) recognise(scene, entity);
  const shown = new Set(found.map(idOf));
  for (const id of shown) expectSame(members.view?.has(id), true, `${id} among ${name} of ${owner.id}`);
  if (isRead && name !== 'labels') expectSame(shown, members.view, `${name} of ${owner.id}`);
}

/** What a read brings with an owner: the other records, and which they are. */
/** What a flush reads before it writes: what was to go before anybody knew what that is. */
export function readWhatGoes(scene: Scene): boolean {
  const { session, db } = scene;
  const unread = [...session.tracked.values()].flatMap((one) =>
    one.phase === 'removed'
      ? []
      : [...one.collections].flatMap(([name, members]) => (members.unread ? [{ one, name, members }] : [])),
  );
  for (const { one, name } of unread) adoptRelation(scene, one, db.rows.get(one.id), name);
  for (const { one, name, members } of unread) {
    const others = [...(members.known ?? [])].filter((id) => !members.added.has(id));
    if (name === 'members') for (const id of others) leaveTeam(session, id, one.id);
    members.takeRead();
  }
  return unread.length > 0;
}

function adoptRelation({ session, db }: Scene, owner: Tracked, row: Row | undefined, name: Fetched): void {
  // A new entity is not the record that somebody else has made under its id.
  if (owner.phase === 'new') return;
  const targets = row === undefined ? [] : targetsOf(db.rows, owner.id, row, name);
  const there = targets.filter(([id]) => db.rows.has(id));
  // Of a managed entity the first read wins: a link that leads elsewhere by now keeps what it has.
  const taken = name === 'team' ? there.filter(([id]) => owner.now['team'] === id) : there;
  for (const ids of taken) for (const id of ids) if (id !== undefined) session.adopt(id, db.rows.get(id) as Row);
  if (name !== 'team' && name !== 'labels') owner.members(name).known = new Set(there.map(([id]) => id));
}

type Found = readonly [target: string, edge?: string];

/** The ids of targets, each with that of the edge which leads there. */
function targetsOf(rows: ReadonlyMap<string, Row>, owner: string, row: Row, name: Fetched): Found[] {
  if (name === 'team') return row['team'] === undefined ? [] : [[String(row['team'])]];
  if (name === 'labels') return Array.from(row['labels'] as Set<string>, (id) => [id]);
  const all = [...rows];
  if (name === 'members') return all.filter(([, { team }]) => team === owner).map(([id]) => [id]);
  const [own, other] = name === 'friends' ? ['in', 'out'] : ['out', 'in'];
  return all.filter(([, edge]) => edge[own] === owner).map(([id, edge]) => [String(edge[other]), id]);
}

/** One record, one object. */
export function recognise({ session }: Scene, entity: object): void {
  const one = session.get(idOf(entity));
  // A new entity that was removed is shown where it was added until the next flush.
  if (one === undefined && session.forgotten.has(idOf(entity))) return;
  // So is one that is being replaced.
  if (one?.replaces?.entity === entity) return;
  if (one === undefined) throw new Error(`${idOf(entity)} was not expected to be tracked`);
  one.entity ??= entity;
  if (one.entity !== entity) throw new Error(`${one.id} is two objects`);
}

const idOf = (entity: object): string => String((entity as { readonly id: unknown }).id);
