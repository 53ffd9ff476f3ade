import { valueDecoder } from '../entity/decode-value.js';
import type { EntityMetadata } from '../metadata/entity-metadata.js';
import { buildAggregate, type AggregateColumn, type AggregateRequest } from '../query/index.js';
import type { EmSession } from './em-session.js';
import { checkAggregateOptions, type ReadOptions } from './read-options.js';
import { runStatement, type RunOptions } from './run-statement.js';

type RawRow = Readonly<Record<string, unknown>>;

/** One object, or one for each group. */
export async function readAggregate(
  session: EmSession,
  meta: EntityMetadata,
  request: AggregateRequest & RunOptions & Pick<ReadOptions, 'filters' | 'cache'>,
): Promise<object | readonly object[]> {
  checkAggregateOptions(meta, request);
  session.refuseQueued(meta);
  const plan = buildAggregate(meta, request, session.finder.contextWith(request.filters));
  const read = plan.columns.map(readerOf);
  const toRow = (raw: RawRow) => Object.fromEntries(read.map(([name, valueOf]) => [name, valueOf(raw)]));
  if (plan.matchesNothing) return plan.isGrouped ? [] : toRow({});
  const rows = (await runStatement(session, plan.statement, 'find', request)) as readonly RawRow[];
  return plan.isGrouped ? rows.map(toRow) : toRow(rows[0] ?? {});
}

/** The name of a column, and its value from a row. */
function readerOf(column: AggregateColumn): readonly [string, (raw: RawRow) => unknown] {
  const decode = decoderOf(column);
  return [column.name, (raw) => decode(raw[column.column])];
}

function decoderOf({ kind, field }: AggregateColumn): (raw: unknown) => unknown {
  const one = valueDecoder(field);
  switch (kind) {
    case 'count':
    case 'countIf':
    case 'countDistinct':
      return (raw) => Number(raw ?? 0);
    case 'collect':
    case 'distinct':
      return (raw) => ((raw ?? []) as readonly unknown[]).map(one);
    case undefined:
    case 'min':
    case 'max':
      return one;
    default:
      return (raw) => raw ?? null;
  }
}
