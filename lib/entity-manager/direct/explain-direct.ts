import { EntityNotFoundError, ReverieError, UniqueConstraintError } from '../../errors/index.js';
import { namingFields } from '../../unit-of-work/explain-failure.js';
import type { DirectWrite } from './direct-write.js';
import { MISSING } from './direct-write.js';

/** Says in terms of entities and fields why the database refused a direct write. */
export function explainDirect(error: unknown, writes: readonly DirectWrite[]): unknown {
  if (!ReverieError.is(error)) return error;
  const number = new RegExp(`${MISSING}(\\d+)`).exec(error.message)?.[1];
  const write = number === undefined ? undefined : writes[Number(number)];
  if (write !== undefined) return missing(write, error);
  return error instanceof UniqueConstraintError
    ? namingFields(
        error,
        writes.map(({ meta }) => meta),
      )
    : error;
}

function missing({ meta, needs }: DirectWrite, cause: unknown): EntityNotFoundError {
  return new EntityNotFoundError({
    what: `${meta.className} ${String(needs)} does not exist`,
    why: 'the write touched no record: there is none of this id, or it may not be written',
    fix: `em.upsert(${meta.className}, …) writes whether it exists or not`,
    entity: meta.className,
    id: needs,
    cause,
  });
}
