import { ValidationError } from '../../errors/index.js';
import type { EntityMetadata } from '../../metadata/entity-metadata.js';
import { refused } from '../../query/query-errors.js';
import { path, value, type Assignment } from '../../surrealql/nodes/index.js';
import { isFragment } from '../../surrealql/surql.js';
import { isFieldOperation } from '../../types/field-operations.js';
import { computeUpdate } from '../../unit-of-work/change-computer.js';
import { refusal } from '../../unit-of-work/data-assigner.js';
import type { UpdateChangeSet } from '../../unit-of-work/change-set.js';
import type { UnitOfWork } from '../../unit-of-work/unit-of-work.js';
import { refuseView } from '../../unit-of-work/errors.js';
import { requireData } from '../../unit-of-work/require-data.js';
import { validateTypes, validateWork } from '../../unit-of-work/validate-work.js';
import { raisedVersion } from '../../unit-of-work/next-version.js';
import { NONE, type RecordId } from '../../values/index.js';
import { EmSession } from '../em-session.js';
import { encodeOperation, type OperableMetadata } from './encode-operation.js';
import { linkedById } from './linked-by-id.js';

/**
 * Changes as the assignments of an update. Keys with `undefined` are skipped. Plain values pass through a unit of work of
 * their own, so that they are checked and encoded as those of `assign`; `surql` and operations are the server's to work out.
 *
 * @throws ValidationError naming the field for whatever cannot be written
 */
export function encodeChanges(session: EmSession, meta: EntityMetadata, id: RecordId, changes: object): Assignment[] {
  refuseView(meta, 'update');
  requireData(changes, 'update', meta.className);
  const assignments: Assignment[] = [];
  for (const [name, given] of Object.entries(changes)) {
    if (given === undefined) continue;
    const property = writable(meta, name);
    if (isFragment(given)) assignments.push({ target: path(property.column), operator: '=', value: given });
    else if (isFieldOperation(given)) assignments.push(encodeOperation(property, given, session.finder.context));
  }
  assignments.push(...encodePlain(session, meta, id, changes));
  return assignments.length === 0 ? [] : [...assignments, ...raisedVersion(meta)];
}

/** Holds the plain values among changes against the application's rules. @throws ValidationError */
export async function judgeChanges(
  session: EmSession,
  meta: EntityMetadata,
  id: RecordId,
  changes: object,
): Promise<void> {
  if (session.uow.rules === undefined) return;
  const planned = plainUpdate(session, meta, id, changes);
  if (planned !== undefined) await validateWork(planned.uow, [planned.set]);
}

function writable(meta: EntityMetadata, name: string): OperableMetadata {
  const reason = refusal(meta, name, false);
  const where = `${meta.className}.${name}`;
  if (reason !== undefined)
    throw refused({ path: where, what: `${where} cannot be changed`, why: reason.message, rule: reason.rule });
  const property = meta.byProperty.get(name);
  if (property?.kind === 'link' && property.end !== undefined) throw fixedEnd(where);
  if (property?.kind === 'field' || property?.kind === 'link' || property?.kind === 'links') return property;
  throw refused({
    path: where,
    what: `${where} is no field of the record itself`,
    why: 'a direct write changes the fields of its records only',
    fix: ['change the other side of the relation', 'for an edge: em.relate(…) and em.unrelate(…)'],
    rule: 'relation',
  });
}

function fixedEnd(where: string): ValidationError {
  return refused({
    path: where,
    what: `${where} cannot be changed`,
    why: 'an edge keeps its ends',
    fix: 'em.unrelate(…) and em.relate(…)',
    rule: 'readonly',
  });
}

function encodePlain(session: EmSession, meta: EntityMetadata, id: RecordId, changes: object): Assignment[] {
  const planned = plainUpdate(session, meta, id, changes);
  if (planned === undefined) return [];
  validateTypes(planned.uow, [planned.set]);
  return planned.set.assignments.map(({ column, operator, value: given }) => ({
    target: path(column),
    operator,
    value: value(given === undefined ? NONE : given),
  }));
}

interface PlainUpdate {
  readonly uow: UnitOfWork;
  readonly set: UpdateChangeSet;
}

/** The update that the plain values would be on an entity. */
function plainUpdate(session: EmSession, meta: EntityMetadata, id: RecordId, changes: object): PlainUpdate | undefined {
  const plain = Object.fromEntries(
    Object.entries(changes).filter(
      ([, given]) => given !== undefined && !isFragment(given) && !isFieldOperation(given),
    ),
  );
  if (Object.keys(plain).length === 0) return undefined;
  const { uow } = new EmSession(session.core);
  const entity = uow.reference(meta, id);
  uow.assign(entity, linkedById(meta, plain));
  refuseNested(uow.states().find(({ phase }) => phase === 'new')?.meta, meta);
  const set = computeUpdate(uow.shapes.of(meta), uow.require(entity, 'update'), id, 'none');
  return set === undefined ? undefined : { uow, set };
}

function refuseNested(target: EntityMetadata | undefined, meta: EntityMetadata): void {
  if (target === undefined) return;
  throw new ValidationError({
    what: `Changes of ${meta.className} hold data for a ${target.className} inside a link`,
    why: 'a direct write touches one table',
    fix: ['create the target first and link it by its id', 'use em.assign(…) and em.flush()'],
  });
}
