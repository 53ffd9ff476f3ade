import { stateOf } from '../../entity/stamp.js';
import { ValidationError } from '../../errors/index.js';
import type { EntityMetadata } from '../../metadata/entity-metadata.js';
import type { CreateChangeSet } from '../../unit-of-work/change-set.js';
import { computeCreate } from '../../unit-of-work/change-computer.js';
import { requireData } from '../../unit-of-work/require-data.js';
import type { UnitOfWork } from '../../unit-of-work/unit-of-work.js';
import { validateTypes, validateWork } from '../../unit-of-work/validate-work.js';
import type { RecordId } from '../../values/index.js';
import { EmSession } from '../em-session.js';
import { linkedById } from './linked-by-id.js';

/**
 * Rows as the change sets that would create them. They pass through a unit of work of their own: the same checks, codecs
 * and ids as `create`.
 *
 * @throws ValidationError for whatever is wrong in a row, and for data nested in its links
 */
export async function encodeRows(
  session: EmSession,
  meta: EntityMetadata,
  rows: readonly object[],
  verb: string,
): Promise<CreateChangeSet[]> {
  const made = makeRows(session, meta, rows, verb);
  const { uow, related, own } = made;
  await validateWork(uow, [...related, ...own], own.length > 1 ? own : []);
  return letGo(made, meta, verb);
}

/** The same for rows that are shown and not sent: the application's own rules, which may answer later, are not asked. */
export function encodeUnjudged(
  session: EmSession,
  meta: EntityMetadata,
  rows: readonly object[],
  verb: string,
): CreateChangeSet[] {
  const made = makeRows(session, meta, rows, verb);
  validateTypes(made.uow, [...made.related, ...made.own]);
  return letGo(made, meta, verb);
}

interface MadeRows {
  readonly uow: UnitOfWork;
  readonly own: CreateChangeSet[];
  /** What data inside their links would create. */
  readonly related: readonly CreateChangeSet[];
}

function makeRows(session: EmSession, meta: EntityMetadata, rows: readonly object[], verb: string): MadeRows {
  const { uow } = new EmSession(session.core);
  const encode = (target: EntityMetadata, entity: object) =>
    computeCreate(uow.shapes.of(target), uow.require(entity, verb), (entity as { id: RecordId }).id);
  const own = rows.map((row) => {
    requireData(row, verb, meta.className);
    return { ...encode(meta, uow.create(meta, linkedById(meta, row), false)), given: givenColumns(meta, row) };
  });
  const related = [...uow.states()]
    .filter((state) => state.phase === 'new')
    .map((state) => encode(state.meta, state.entity));
  return { uow, own, related };
}

function letGo({ own, related }: MadeRows, meta: EntityMetadata, verb: string): CreateChangeSet[] {
  if (related.length > 0) {
    throw new ValidationError({
      what: `em.${verb}(${meta.className}, …) was given data for ${related[0]?.meta.className ?? 'another entity'} inside a link`,
      why: `${verb} writes one table`,
      fix: [`${verb} the targets first and link them by id`, 'use em.create(…) and em.flush()'],
    });
  }
  for (const { state } of own) if (stateOf(state.entity) === state) state.phase = 'detached';
  return own;
}

export interface EncodedRows {
  readonly sets: readonly CreateChangeSet[];
  /** Where each of them stood in what was given. */
  readonly places: readonly number[];
  /** Rows that cannot be sent. */
  readonly rejected: readonly { readonly index: number; readonly error: unknown }[];
}

/** The same, but a row with something wrong in it keeps none of the others back. */
export async function encodeEachRow(
  session: EmSession,
  meta: EntityMetadata,
  rows: readonly object[],
  verb: string,
): Promise<EncodedRows> {
  try {
    return { sets: await encodeRows(session, meta, rows, verb), places: [...rows.keys()], rejected: [] };
  } catch {
    return encodeSingly(session, meta, rows, verb);
  }
}

async function encodeSingly(
  session: EmSession,
  meta: EntityMetadata,
  rows: readonly object[],
  verb: string,
): Promise<EncodedRows> {
  const sets: CreateChangeSet[] = [];
  const places: number[] = [];
  const rejected: { index: number; error: unknown }[] = [];
  for (const [index, row] of rows.entries()) {
    try {
      sets.push(...(await encodeRows(session, meta, [row], verb)));
      places.push(index);
    } catch (error) {
      rejected.push({ index, error });
    }
  }
  return { sets, places, rejected };
}

/** What the row names: no defaults, nothing made for a new record. */
function givenColumns(meta: EntityMetadata, row: object): readonly string[] {
  return Object.entries(row).flatMap(([name, given]) => {
    if (given === undefined) return [];
    if (name === 'id') return ['id'];
    const property = meta.byProperty.get(name);
    return property !== undefined && 'column' in property ? [property.column] : [];
  });
}
