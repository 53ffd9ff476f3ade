import {
  EntityNotFoundError,
  OptimisticLockError,
  PermissionError,
  QueryError,
  ReverieError,
  TransactionConflictError,
  UniqueConstraintError,
} from '../errors/index.js';
import type { EntityMetadata, IndexMetadata } from '../metadata/entity-metadata.js';
import { isFragment } from '../surrealql/surql.js';
import { isPlainData } from '../entity/plain-data.js';
import { formatLiteral, type RecordId } from '../values/index.js';
import type { ChangeSet, GuardCheck } from './change-set.js';
import type { GuardMode } from './change-computer.js';
import type { FlushPlan } from './flush-plan.js';
import { missingEnd } from './missing-end.js';
import { presumedOf, type Presumption } from './presumed-links.js';
import { undeclaredMember } from './undeclared-member.js';
import { DENIED, GONE, NO_OBJECT, STALE, TAKEN, readVerdict } from './verdicts.js';

type Member = ChangeSet | GuardCheck;

/** Says in terms of entities and fields why the database refused a flush. */
export function explainFailure(error: unknown, plan: FlushPlan, guards: GuardMode): unknown {
  if (!ReverieError.is(error)) return error;
  const thrown = readVerdict(error.message);
  const set = thrown === undefined ? undefined : plan.members[thrown.member];
  if (thrown !== undefined && set !== undefined) {
    if (thrown.verdict === TAKEN) return taken(set, error);
    if (thrown.verdict === DENIED) return denied(set, error);
    if (thrown.verdict === STALE && presumedOf(set.state) !== undefined) return noMember(set, error);
    if (guards === 'changed') return conflict(set, thrown.verdict === GONE, error);
    if (thrown.verdict === NO_OBJECT) return noObject(set, error);
    return thrown.verdict === GONE ? gone(set, error) : stale(set, error);
  }
  if (error instanceof UniqueConstraintError)
    return namingFields(
      error,
      plan.members.map((member) => member.meta),
    );
  if (!(error instanceof QueryError)) return error;
  const metas = plan.members.map((member) => member.meta);
  return missingEnd(error, metas) ?? undeclaredMember(error, metas) ?? namingEntities(error, plan);
}

export function taken(set: Pick<Member, 'meta' | 'id'>, cause: unknown): UniqueConstraintError {
  return new UniqueConstraintError({
    what: `A ${set.meta.className} with the id ${String(set.id)} exists already`,
    why: 'a new entity never overwrites a record',
    fix: ['read the record and change it', `em.upsert(${set.meta.className}, …)`],
    table: set.meta.table,
    index: 'id',
    fields: ['id'],
    value: set.id,
    entities: [set.meta.className],
    cause,
  });
}

function denied(set: Member, cause: unknown): PermissionError {
  const { className, table } = set.meta;
  return new PermissionError({
    what: `The signed-in user may not ${set.action} ${className} ${String(set.id)}`,
    why: `the PERMISSIONS of ${table} refuse it, or hide what came of it; nothing of the flush was kept`,
    fix: [
      'write as a user who may',
      `change @Table({ permissions: { ${set.action} } }) of ${className}`,
      ...(readsItsUser(set.meta)
        ? ['say $auth in the condition: $auth.id reads the record that is being written']
        : []),
    ],
    cause,
  });
}

/** `$auth.id` is a fetch, and of a record that is being written SurrealDB (3.0.2) fetches nothing. */
function readsItsUser({ options: { permissions } }: EntityMetadata): boolean {
  if (typeof permissions !== 'object') return false;
  return Object.values(permissions).some((each) => isFragment(each) && each.strings.join().includes('$auth.id'));
}

function gone(set: Member, cause: unknown): ReverieError {
  const what = `${set.meta.className} ${String(set.id)} is no longer in the database`;
  const verb = set.action === 'create' ? 'replacement' : set.action;
  const why = `the ${verb} touched no record, nothing of the flush was kept`;
  if (isLocked(set))
    return new OptimisticLockError({
      what,
      why,
      fix: 'read it again',
      entity: set.meta.className,
      id: set.id,
      expected: expectedOf(set),
      cause,
    });
  return new EntityNotFoundError({
    what,
    why,
    fix: ['somebody deleted it since it was read: create it anew', 'let go of everything that is tracked: em.clear()'],
    entity: set.meta.className,
    id: set.id,
    cause,
  });
}

function stale(set: Member, cause: unknown): OptimisticLockError {
  return new OptimisticLockError({
    what: `${set.meta.className} ${String(set.id)} was changed by somebody else since it was read`,
    why: `its ${guardedFields(set)} is no longer what this EntityManager read; nothing of the flush was kept`,
    fix: ['read it again (em.refresh) and repeat the change', 'run the change in em.transaction(), which retries it'],
    entity: set.meta.className,
    id: set.id,
    expected: expectedOf(set),
    cause,
  });
}

function noObject(set: Member, cause: unknown): OptimisticLockError {
  const written = set.action === 'update' ? set.assignments.filter(({ parts }) => parts !== undefined) : [];
  const names = written.map(({ column }) => set.meta.byColumn.get(column)?.path ?? column).join(', ');
  return new OptimisticLockError({
    what: `${names} of ${String(set.id)} was given another kind of value since it was read`,
    why: 'a member of it was to be written, and it is no object any more; nothing of the flush was kept',
    fix: ['read it again (em.refresh) and repeat the change', 'run the change in em.transaction(), which retries it'],
    entity: set.meta.className,
    id: set.id,
    expected: Object.fromEntries(written.map(({ column }) => [column, set.state.row?.[column]])),
    cause,
  });
}

/** Taken out of an inverse side unread, by an id that stands for a member of another owner. */
function noMember(set: Member, cause: unknown): OptimisticLockError {
  const { property, owner } = presumedOf(set.state) as Presumption;
  return new OptimisticLockError({
    what: `${set.meta.className} ${String(set.id)} is not among ${property.path} of ${String(owner)}`,
    why: 'it was to be taken out without having been read; nothing of the flush was kept',
    fix: [`look first: await entity.${property.property}.contains(…)`, 'read it again: em.refresh(…)'],
    entity: set.meta.className,
    id: set.id,
    expected: owner,
    cause,
  });
}

function conflict(set: Member, isGone: boolean, cause: unknown): TransactionConflictError {
  return new TransactionConflictError({
    what: `${set.meta.className} ${String(set.id)} was ${isGone ? 'deleted' : 'changed'} by somebody else during the transaction`,
    why: 'the values that this transaction read are no longer those in the database; nothing of it was kept',
    fix: 'run it again (em.transaction does, unless retry is off)',
    entities: [set.meta.className],
    cause,
  });
}

/** The server names the index and the columns; the entity names the fields. */
export function namingFields(error: UniqueConstraintError, metas: readonly EntityMetadata[]): UniqueConstraintError {
  const ofTable = metas.filter(({ table }) => table === error.table);
  // Of classes that share a table not each has every index.
  const meta = ofTable.find(({ indexes }) => indexes.some(({ name }) => name === error.index)) ?? ofTable[0];
  if (meta === undefined) return error;
  const index = meta.indexes.find(({ name }) => name === error.index);
  const fields = index?.columns.map((column) => meta.byColumn.get(column)?.property ?? column) ?? error.fields;
  const value = index === undefined ? error.value : declaredValue(meta, index, error.value);
  const where = error.index === 'id' ? 'the id' : fields.map((field) => `${meta.className}.${field}`).join(', ');
  return new UniqueConstraintError({
    what: `${where} must be unique, and ${describeValue(value)} is taken`,
    why: saidOf(index, error.why) ?? 'another record has it; nothing was written',
    fix: error.fix,
    table: error.table,
    index: error.index,
    fields,
    value,
    entities: [meta.className],
    cause: error.cause,
    ...(error.statement !== undefined && { statement: error.statement }),
  });
}

/** Without what the hidden field of a partial index adds. */
function declaredValue(meta: EntityMetadata, index: IndexMetadata, value: unknown): unknown {
  const isPartial = index.where !== undefined || meta.softDelete !== undefined;
  const isLonger = isPartial && Array.isArray(value) && value.length === index.columns.length + 1;
  const declared: unknown = isLonger ? (value.length === 2 ? value[0] : value.slice(0, -1)) : value;
  if (index.nullsDistinct !== false) return declared;
  return index.columns.length > 1 && Array.isArray(declared) ? declared.map(withoutStandIn) : withoutStandIn(declared);
}

/** Under `nullsDistinct: false` an empty object is stored where there is no value. */
function withoutStandIn(value: unknown): unknown {
  return isPlainData(value) && Object.keys(value).length === 0 ? undefined : value;
}

function saidOf(index: IndexMetadata | undefined, why: string | undefined): string | undefined {
  return index?.nullsDistinct === false ? why?.replaceAll('{  }', 'NONE') : why;
}

/** The server names record and column; the entity names the field. */
function namingEntities(error: QueryError, plan: FlushPlan): QueryError {
  if (error.entities.length > 0 || plan.members.length === 0 || error.constructor !== QueryError) return error;
  const named = plan.members.find(({ id }) => namesRecord(error.message, id));
  const metas = named === undefined ? plan.members.map(({ meta }) => meta) : [named.meta];
  const entities = [...new Set(metas.map((meta) => meta.className))];
  const path = named === undefined ? undefined : pathIn(named.meta, error.message);
  return new QueryError({
    what: `The flush of ${path ?? entities.join(', ')} was refused`,
    why: error.what,
    fix: error.fix,
    entities,
    bindings: error.bindings,
    cause: error,
    ...(error.statement !== undefined && { statement: error.statement }),
    ...(error.index !== undefined && { index: error.index }),
    ...(error.kind !== undefined && { kind: error.kind }),
  });
}

/** ``…, with record `post:1` …``: `post:1` is no part of `blogpost:1` or `post:10`. */
function namesRecord(message: string, id: RecordId): boolean {
  return message.includes(`\`${String(id)}\``);
}

function pathIn(meta: EntityMetadata, message: string): string | undefined {
  const column = /\bfield `([^`]+)`/.exec(message)?.[1];
  if (column === undefined) return undefined;
  const [root = column] = column.split(/[.[]/, 1);
  const property = meta.byColumn.get(root);
  return property === undefined ? undefined : `${property.path}${column.slice(root.length)}`;
}

function isLocked(set: Member): boolean {
  return Object.keys(guardOf(set)).length > 0;
}

function guardOf(set: Member): Readonly<Record<string, unknown>> {
  return set.action === 'create' ? (set.replaces?.guard ?? {}) : set.guard;
}

function guardedFields(set: Member): string {
  const fields = Object.keys(guardOf(set)).map((column) => set.meta.byColumn.get(column)?.property ?? column);
  return fields.join(' or ');
}

function expectedOf(set: Member): unknown {
  const values = Object.values(guardOf(set));
  return values.length === 1 ? values[0] : guardOf(set);
}

function describeValue(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (value === undefined) return 'NONE';
  if (Array.isArray(value)) return `[${value.map(describeValue).join(', ')}]`;
  return isPlainData(value) ? formatLiteral(value) : String(value);
}
