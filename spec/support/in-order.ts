import { surql, type EntityManager } from '../../lib/index.js';
import { idsOf, withoutNull } from '../../lib/entity/hydrate.js';
import type { EntityState } from '../../lib/entity/entity-state.js';
import type { Row } from '../../lib/entity/row.js';
import { LinkCollection } from '../../lib/entity/link-collection.js';
import { LinkReference } from '../../lib/entity/link-reference.js';
import { sameOrMissing } from '../../lib/entity/value-handler.js';
import type { TestOrm } from './open-orm.js';

/**
 * What has to hold after every case of the unit of work, whatever it was about: a second flush sends nothing, and every
 * entity that is managed shows what the database holds, link by link and value by value.
 */
export async function expectInOrder(test: TestOrm, em: EntityManager): Promise<void> {
  await expectFlushed(test, em);
  expect(await strayed(em)).toEqual([]);
}

/** The invariant alone, for where others have written what an EntityManager has in hand. */
export async function expectFlushed(test: TestOrm, em: EntityManager): Promise<void> {
  test.clear();
  await em.flush();
  expect(test.sent()).toEqual([]);
}

/** Paths where a managed entity and its record differ. */
async function strayed(em: EntityManager): Promise<string[]> {
  const { uow } = em.session;
  const managed = uow.states().filter(({ phase, meta }) => phase === 'managed' && !meta.readOnly);
  if (managed.length === 0) return [];
  const [rows] = await em.fork().query<[Row[]]>(surql`SELECT * FROM ${managed.map(({ id }) => id)}`);
  const byId = new Map(rows.map((row) => [String(row['id']), row]));
  return managed.flatMap((state) => {
    const row = byId.get(String(state.id));
    return row === undefined
      ? [`${String(state.id)} is no record`]
      : differences(em, state, row).map((path) => `${String(state.id)}: ${path}`);
  });
}

function differences({ session: { uow } }: EntityManager, state: EntityState, row: Row): string[] {
  const shape = uow.shapes.of(state.meta);
  const instance = state.entity as Row;
  const stored = shape.values.filter(
    ({ meta, column }) => meta.kind === 'field' && shape.storedColumns.includes(column),
  );
  const wrong = [
    ...stored
      .filter((slot) => !sameOrMissing(slot.handler, withoutNull(slot, instance[slot.property]), row[slot.column]))
      .map(({ property, column }) => [property, column] as const),
    ...shape.links
      .filter(({ property, column }) => textOf(instance[property]) !== textOf(row[column]))
      .map(({ property, column }) => [property, column] as const),
    ...shape.linkArrays
      .filter(({ property, column }) => showsOthers(instance[property], idsOf(row[column])))
      .map(({ property, column }) => [property, column] as const),
  ];
  return wrong.filter(([, column]) => state.isLoaded(column)).map(([property]) => property);
}

function textOf(link: unknown): string | undefined {
  if (link === undefined || link === null) return undefined;
  return String(LinkReference.is(link) ? link.id : link);
}

/** Of members that nobody has read there is nothing to compare. */
function showsOthers(held: unknown, stored: readonly unknown[]): boolean {
  if (!LinkCollection.is(held)) return true;
  return held.wholeIds !== undefined && held.wholeIds.map(String).join() !== stored.map(String).join();
}
