import type { EntityMetadata, FieldMetadata } from '../metadata/entity-metadata.js';
import {
  binary,
  call,
  letStatement,
  object,
  param,
  pathOf,
  relate,
  remove,
  returnStatement,
  subquery,
  update,
  value,
  type Expression,
} from '../surrealql/nodes/index.js';
import { NONE } from '../values/index.js';
import type { CreateChangeSet } from './change-set.js';
import { defaultOf } from './default-of.js';
import { exists, guardStatements, id, mapRows, row, throwIf } from './flush-statements.js';
import { nextVersion } from './next-version.js';
import { GONE } from './verdicts.js';

/**
 * A record that is removed and made anew under its id in one flush: `CREATE` would fail, and `DELETE` with `UPSERT` would
 * take its edges and what refers to it along. `REPLACE` runs no DEFAULT and insists on READONLY fields, so both stand in it.
 */
export function replaceRecords(sets: readonly CreateChangeSet[], first: number): Expression {
  const { meta } = sets[0] as CreateChangeSet;
  const content = call('object::extend', object(presets(meta)), pathOf(row, 'd'));
  const replaced = update({ only: true, target: id, data: { kind: 'replace', data: content }, returns: 'after' });
  return mapRows(rowsOf(sets, first), [
    letStatement('i', pathOf(row, 'i')),
    ...guardStatements(guarded(sets)),
    letStatement('o', subquery(replaced)),
    throwIf(binary(param('o'), '=', value(NONE)), GONE),
    returnStatement(param('o')),
  ]);
}

/** The ends of an edge never change: it is deleted and made again. */
export function replaceEdges(sets: readonly CreateChangeSet[], first: number): Expression {
  const { meta } = sets[0] as CreateChangeSet;
  const made = relate({
    only: true,
    from: param('f'),
    edge: id,
    to: param('t'),
    data: { kind: 'content', data: call('object::extend', param('v'), pathOf(row, 'd')) },
    returns: 'after',
  });
  return mapRows(rowsOf(sets, first), [
    letStatement('i', pathOf(row, 'i')),
    letStatement('f', pathOf(row, 'f')),
    letStatement('t', pathOf(row, 't')),
    throwIf(binary(exists, '=', value(NONE)), GONE),
    ...guardStatements(guarded(sets), false),
    letStatement('v', object(laterVersion(meta))),
    remove({ target: id, returns: 'none' }),
    returnStatement(subquery(made)),
  ]);
}

function rowsOf(sets: readonly CreateChangeSet[], first: number): readonly unknown[] {
  return sets.map((set, k) => {
    const { in: f, out: t, ...d } = set.content;
    const version = set.meta.version?.column;
    if (version !== undefined) delete d[version];
    const ends = set.meta.type === 'relation' ? { f, t } : {};
    return { n: first + k, i: set.id, d, ...ends, g: set.replaces?.guard };
  });
}

function guarded(sets: readonly CreateChangeSet[]): string[] {
  return Object.keys((sets[0] as CreateChangeSet).replaces?.guard ?? {});
}

function presets(meta: EntityMetadata): (readonly [string, Expression])[] {
  const fields = meta.properties.filter((property) => property.kind === 'field' && property.role !== 'version');
  return [
    ...laterVersion(meta),
    ...(fields as FieldMetadata[]).flatMap((field) => {
      const preset = presetOf(field);
      return preset === undefined ? [] : [[field.column, preset] as const];
    }),
  ];
}

function presetOf(field: FieldMetadata): Expression | undefined {
  return field.immutable ? pathOf(id, field.column) : defaultOf(field);
}

/** Nobody who holds the old version may take the new record for it. */
function laterVersion({ version }: EntityMetadata): (readonly [string, Expression])[] {
  return version === undefined ? [] : [[version.column, nextVersion(version, pathOf(id, version.column))]];
}
