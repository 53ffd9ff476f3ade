import { EntityNotFoundError, type QueryError } from '../errors/index.js';
import type { EntityMetadata } from '../metadata/entity-metadata.js';
import { RecordId } from '../values/index.js';

/** What the server says of an enforced edge whose end is not there, in terms of entities; undefined for any other error. */
export function missingEnd(error: QueryError, metas: readonly EntityMetadata[]): EntityNotFoundError | undefined {
  const text = /The record '(.+)' does not exist/.exec(error.message)?.[1];
  if (text === undefined) return undefined;
  const id = parsed(text);
  for (const { className, edge } of metas) {
    const end = [...(edge?.in ?? []), ...(edge?.out ?? [])].find(({ table }) => table === id?.table);
    if (edge?.enforced !== true || end === undefined) continue;
    return new EntityNotFoundError({
      what: `${end.className} ${text} does not exist`,
      why: `${className} is an enforced edge: both of its ends must be there`,
      fix: 'flush the new record first; nothing was written',
      entity: end.className,
      id,
      cause: error,
    });
  }
  return undefined;
}

function parsed(text: string): RecordId | undefined {
  try {
    return RecordId.parse(text);
  } catch {
    return undefined;
  }
}
