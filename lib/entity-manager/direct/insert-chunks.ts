import type { EntityMetadata } from '../../metadata/entity-metadata.js';
import { timeoutClause } from '../../query/index.js';
import {
  array,
  insert,
  letStatement,
  param,
  pathOf,
  subquery,
  table,
  value,
  type Expression,
} from '../../surrealql/nodes/index.js';
import type { CreateChangeSet } from '../../unit-of-work/change-set.js';
import { createEdges, createRecords } from '../../unit-of-work/flush-statements.js';
import { barring } from './barred.js';
import type { DirectWrite } from './direct-write.js';
import { readAgain } from './upsert-rows.js';

interface InsertForm {
  readonly onConflict: 'error' | 'ignore';
  readonly returnsRows: boolean;
  /** The chunks are one transaction: the engine takes CREATE better than INSERT where one holds many rows. */
  readonly atomic: boolean;
  /** PERMISSIONS hold for whoever writes. A refused row and one that was there are the same to `ignore`. */
  readonly judged: boolean;
  /** Milliseconds that each statement may take. */
  readonly timeout?: number | undefined;
}

/** Rows in chunks of one statement each; answers a list for every chunk. */
export function insertChunks(
  meta: EntityMetadata,
  chunks: readonly (readonly CreateChangeSet[])[],
  form: InsertForm,
): DirectWrite {
  const names = chunks.map((_, index) => `c${index}`);
  const statements = () => {
    let first = 0;
    return chunks.flatMap((sets, index) => {
      const name = names[index] as string;
      const made = letStatement(name, madeRows(meta, sets, first, form));
      first += sets.length;
      return [
        made,
        // What the table's events have changed is seen by reading again.
        ...(form.returnsRows && meta.events.length > 0 ? [letStatement(name, readAgain(name))] : []),
      ];
    });
  };
  return {
    meta,
    statements,
    answer: array(names.map(param)),
    ...(form.judged && { refusals: barring(meta, 'write') }),
  };
}

function madeRows(meta: EntityMetadata, sets: readonly CreateChangeSet[], first: number, form: InsertForm): Expression {
  const isEdge = meta.type === 'relation';
  const { timeout } = timeoutClause(form.timeout);
  if (form.onConflict === 'error') {
    // INSERT RELATION answers OK with the old row where an id exists; RELATE behind a check does not.
    if (isEdge) return createEdges(sets, first, form.returnsRows, form.judged, timeout);
    // Whose create is refused one by one tells which it was.
    if (form.atomic || form.judged) return createRecords(sets, first, form.returnsRows, form.judged, timeout);
  }
  const rows = subquery(insertOf(meta, sets, form));
  // Rows that are left as they were are not in the answer, so that those written can be counted.
  return isCounted(form) && !form.returnsRows ? pathOf(rows, 'id') : rows;
}

/** Some rows may not be written, and how many were is told by the answer. */
const isCounted = ({ onConflict, judged }: InsertForm): boolean => onConflict === 'ignore' || judged;

function insertOf(meta: EntityMetadata, sets: readonly CreateChangeSet[], form: InsertForm) {
  const { onConflict } = form;
  return insert({
    into: table(meta.table),
    rows: value(sets.map((set) => ({ id: set.id, ...set.content }))),
    // Of a new record `RETURN VALUE id` works out computed fields from nothing, which may fail (3.0.2).
    returns: form.returnsRows || isCounted(form) ? 'after' : 'none',
    ...timeoutClause(form.timeout),
    ...(meta.type === 'relation' && { relation: true }),
    ...(onConflict === 'ignore' && { ignore: true }),
  });
}
