import { NotLoadedError, RecordId, type Links, type Reverie } from '../../lib/index.js';
import type { DatabaseModel } from './database-model.js';
import { tableModelOf } from './database-model.js';
import { same, viewOf, viewOfRecord, type Row } from './rows.js';
import type { SessionModel, Tracked } from './session-model.js';
import { readTables } from './store.js';
import { columnsOf } from './tables.js';

/** The database holds the model's records; answers which names edges have got that the server or the library named. */
export async function checkDatabase(orm: Reverie, model: DatabaseModel): Promise<Map<string, string>> {
  const real = new Map<string, Row>();
  for (const record of await readTables(orm)) {
    const id = String(record.id);
    real.set(id, viewOfRecord(record, columnsOf(tableModelOf(id))));
  }
  const named = nameEdges(real, model);
  const expected = new Map(Array.from(model.rows, ([id, row]) => [named.get(id) ?? id, row]));
  for (const id of new Set([...real.keys(), ...expected.keys()]))
    expectSame(real.get(id), expected.get(id), `record ${id}`);
  return named;
}

/** Edges that nobody has seen yet, matched by what they hold. */
function nameEdges(real: ReadonlyMap<string, Row>, model: DatabaseModel): Map<string, string> {
  const unknown = model.ofTable('knows').filter(([id]) => id.startsWith('knows:unknown'));
  const named = new Map<string, string>();
  for (const [id, row] of real) {
    if (!id.startsWith('knows:') || model.rows.has(id)) continue;
    const match = unknown.find(([name, wanted]) => !named.has(name) && same(wanted, row));
    if (match !== undefined) named.set(match[0], id);
  }
  return named;
}

/** Every instance shows what it is expected to show. */
export function checkSessions(sessions: readonly SessionModel[]): void {
  for (const [number, session] of sessions.entries())
    for (const one of session.tracked.values()) if (one.entity !== undefined) checkEntity(session, one, number);
}

function checkEntity(session: SessionModel, one: Tracked, number: number): void {
  const entity = one.entity as Row;
  const place = `${one.id} (${one.phase}) of EntityManager ${number}`;
  if (!session.em.contains(entity)) throw new Error(`${place} is not tracked`);
  const expected = Object.fromEntries(Object.entries(one.now).filter(([, value]) => value !== undefined));
  expectSame(viewOf(entity, one.table.shown), expected, place);
  for (const [name, members] of one.collections)
    expectSame(idsOf(entity[name] as Links<object>), members.view, `${name} of ${place}`);
}

function idsOf(links: Links<object>): Set<string> | undefined {
  try {
    return new Set(links.ids.map((id) => String(RecordId.is(id) ? id : undefined)));
  } catch (error) {
    if (error instanceof NotLoadedError) return undefined;
    throw error;
  }
}

export function expectSame(actual: unknown, expected: unknown, place: string): void {
  if (same(actual, expected)) return;
  // Jest shows the difference.
  try {
    expect(actual).toEqual(expected);
  } catch (error) {
    throw new Error(`${place}: ${(error as Error).message}`, { cause: error });
  }
  throw new Error(`${place}: ${JSON.stringify(actual)} is not ${JSON.stringify(expected)}`);
}
