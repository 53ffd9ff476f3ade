import {
  and,
  array,
  binary,
  call,
  closure,
  object,
  or,
  param,
  value,
  type Expression,
} from '../surrealql/nodes/expressions.js';
import type { SurrealType } from '../types/surreal-type.js';
import { below, kindIs, someElement } from './conforms.js';
import { either } from './either.js';

/** New names of tables by their old ones. */
export type MovedNames = ReadonlyMap<string, string>;

/** Whether a link of the type may point to the table. One that says of no table what it is points anywhere, and is told nothing of. */
export function namesTable(type: SurrealType, table: string): boolean {
  return someRecord(type, ({ tables }) => tables.includes(table));
}

/** Whether a link of the type may point to a table beside the given ones. */
export function leadsBeyond(type: SurrealType, tables: ReadonlySet<string>): boolean {
  return (
    someRecord(type, (record) => record.tables.length === 0 || record.tables.some((each) => !tables.has(each))) ||
    holdsAnything(type)
  );
}

/** Whether a value of the type may be, or hold, a link to the table. */
export function admitsTable(type: SurrealType, table: string): boolean {
  return someRecord(type, ({ tables }) => tables.length === 0 || tables.includes(table)) || holdsAnything(type);
}

/** The type with the old name of each table before its new one. */
export function admittingOld(type: SurrealType, names: MovedNames): SurrealType {
  return mapRecords(type, (record) => {
    const tables = record.tables.flatMap((table) => [
      ...[...names].flatMap(([old, now]) => (now === table && !record.tables.includes(old) ? [old] : [])),
      table,
    ]);
    return Object.freeze({ ...record, tables: Object.freeze(tables) });
  });
}

/** The type with records of any table, and anything at all, read as records of the given ones. */
export function readAsRecords(type: SurrealType, tables: readonly string[]): SurrealType {
  const named: RecordType = Object.freeze({ kind: 'record', tables: Object.freeze(tables) });
  return type.kind === 'any' ? named : mapRecords(type, (record) => (record.tables.length === 0 ? named : record));
}

/** A value with its links led to the tables' new names. What does not have the type's form is left as `otherwise` says: as it is. */
export function movedValue(
  subject: Expression,
  type: SurrealType,
  names: MovedNames,
  depth = 0,
  otherwise: Expression = subject,
): Expression {
  if (!concerns(type, names)) return otherwise;
  const part = (key: string | number, member: SurrealType): Expression =>
    movedValue(below(subject, key), member, names, depth);
  switch (type.kind) {
    case 'record':
      return [...names].reduce<Expression>(
        (left, [old, now]) =>
          type.tables.includes(now) ? either(pointsAt(subject, old), sameKey(subject, now), left) : left,
        otherwise,
      );
    case 'array':
    case 'set': {
      const name = `m${depth}`;
      const each = closure([name], movedValue(param(name), type.items, names, depth + 1));
      return either(kindIs(subject, [type.kind]), call(`${type.kind}::map`, subject, each), otherwise);
    }
    case 'union':
      return type.members.reduceRight<Expression>(
        (left, member) => movedValue(subject, member, names, depth, left),
        otherwise,
      );
    case 'shape': {
      const entries = Object.entries(type.fields).filter(([, member]) => concerns(member, names));
      const moved = object(entries.map(([key, member]) => [key, part(key, member)] as const));
      return either(kindIs(subject, ['object']), call('object::extend', subject, moved), otherwise);
    }
    case 'tuple': {
      const moved = array(type.items.map((item, index) => part(index, item)));
      return either(kindIs(subject, ['array']), moved, otherwise);
    }
    default:
      return otherwise;
  }
}

/** Whether a value is, or holds, a link to an old name. Undefined where no value of the type can. */
export function pointsToOld(
  subject: Expression,
  type: SurrealType,
  names: MovedNames,
  depth = 0,
): Expression | undefined {
  if (!concerns(type, names)) return undefined;
  switch (type.kind) {
    case 'record':
      return or([...names].flatMap(([old, now]) => (type.tables.includes(now) ? [pointsAt(subject, old)] : [])));
    case 'array':
    case 'set': {
      const some = someElement(
        call('type::array', subject),
        depth,
        (each) => pointsToOld(each, type.items, names, depth + 1) ?? value(false),
      );
      return and([kindIs(subject, [type.kind]), some]);
    }
    case 'union':
      return or(type.members.flatMap((member) => pointsToOld(subject, member, names, depth) ?? []));
    case 'shape': {
      const parts = Object.entries(type.fields).flatMap(
        ([key, member]) => pointsToOld(below(subject, key), member, names, depth) ?? [],
      );
      return and([kindIs(subject, ['object']), or(parts)]);
    }
    case 'tuple': {
      const parts = type.items.flatMap((item, index) => pointsToOld(below(subject, index), item, names, depth) ?? []);
      return and([kindIs(subject, ['array']), or(parts)]);
    }
    default:
      return undefined;
  }
}

/** The record of the same key in another table. */
export function sameKey(subject: Expression, table: string): Expression {
  return call('type::record', value(table), call('record::id', subject));
}

const pointsAt = (subject: Expression, table: string): Expression =>
  and([kindIs(subject, ['record']), binary(call('record::tb', subject), '=', value(table))]);

const concerns = (type: SurrealType, names: MovedNames): boolean =>
  [...names.values()].some((now) => namesTable(type, now));

type RecordType = SurrealType & { readonly kind: 'record' };

function someRecord(type: SurrealType, condition: (record: RecordType) => boolean): boolean {
  return type.kind === 'record' ? condition(type) : partsOf(type).some((part) => someRecord(part, condition));
}

const holdsAnything = (type: SurrealType): boolean => type.kind === 'any' || partsOf(type).some(holdsAnything);

function partsOf(type: SurrealType): readonly SurrealType[] {
  switch (type.kind) {
    case 'union':
      return type.members;
    case 'array':
    case 'set':
      return [type.items];
    case 'tuple':
      return type.items;
    case 'shape':
      return Object.values(type.fields);
    default:
      return [];
  }
}

function mapRecords(type: SurrealType, change: (record: RecordType) => SurrealType): SurrealType {
  const map = (part: SurrealType): SurrealType => mapRecords(part, change);
  switch (type.kind) {
    case 'record':
      return change(type);
    case 'union':
      return Object.freeze({ ...type, members: Object.freeze(type.members.map(map)) });
    case 'array':
    case 'set':
      return Object.freeze({ ...type, items: map(type.items) });
    case 'tuple':
      return Object.freeze({ ...type, items: Object.freeze(type.items.map(map)) });
    case 'shape':
      return Object.freeze({
        ...type,
        fields: Object.fromEntries(Object.entries(type.fields).map(([key, part]) => [key, map(part)])),
      });
    default:
      return type;
  }
}
