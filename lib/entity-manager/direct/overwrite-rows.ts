import type { EntityMetadata } from '../../metadata/entity-metadata.js';
import type { CreateChangeSet } from '../../unit-of-work/change-set.js';
import type { RecordId } from '../../values/index.js';
import { columnValue, hasValue } from './column-value.js';
import { rowToWrite, upsertRows, type UpsertForm, type UpsertKey, type UpsertWrite } from './upsert-rows.js';

/** What an edge leads from and to stays; the id tells which record it is. */
const ENDS = ['in', 'out'];

/**
 * Rows that overwrite what they meet: the record of their id, or the one that holds their value under a unique index. It is given
 * what the row names. Of rows that meet each other the last wins.
 */
export function overwriteRows(meta: EntityMetadata, sets: readonly CreateChangeSet[], form: UpsertForm): UpsertWrite {
  const unique = meta.indexes.filter((index) => index.unique === true && index.where === undefined);
  const firstOf = new Map<string, RecordId>();
  const rows = sets.map((set) => {
    const keys = unique.flatMap(({ columns }) => keyOf(set, columns));
    const kept = meta.type === 'relation' ? ENDS : [];
    return rowToWrite({ ...set, id: sharedId(meta, set, keys, firstOf) }, keys, kept);
  });
  return upsertRows(meta, rows, form);
}

function keyOf({ content }: CreateChangeSet, columns: readonly string[]): readonly UpsertKey[] {
  if (!columns.every((column) => hasValue(content, column))) return [];
  return [{ columns, values: columns.map((column) => columnValue(content, column)) }];
}

/** A row that was given no id becomes the record of an earlier one with the same unique value. */
function sharedId(
  meta: EntityMetadata,
  { id, given = [] }: CreateChangeSet,
  keys: readonly UpsertKey[],
  firstOf: Map<string, RecordId>,
): RecordId {
  const names = keys.map(({ columns, values }) =>
    [...columns, ...values.map((each) => `${typeof each} ${String(each)}`)].join('\n'),
  );
  const isMade = meta.id.from === undefined && !given.includes('id');
  const shared =
    (isMade ? names.map((name) => firstOf.get(name)).find((first) => first !== undefined) : undefined) ?? id;
  for (const name of names) if (!firstOf.has(name)) firstOf.set(name, shared);
  return shared;
}
