import { QueryError, ReverieError, UniqueConstraintError } from '../../errors/index.js';
import { namingFields } from '../../unit-of-work/explain-failure.js';
import { missingEnd } from '../../unit-of-work/missing-end.js';
import { undeclaredMember } from '../../unit-of-work/undeclared-member.js';
import type { DirectWrite } from './direct-write.js';

/** Says in terms of entities and fields why the database refused a direct write. */
export function explainDirect(error: unknown, writes: readonly DirectWrite[]): unknown {
  if (!ReverieError.is(error)) return error;
  const [, reason = '', number] = /(reverie:(?:missing|several|exists|barred):)(\d+)/.exec(error.message) ?? [];
  const refusal = writes[Number(number)]?.refusals?.[reason];
  if (refusal !== undefined) return refusal(error);
  const metas = writes.flatMap(({ meta, others = [] }) => [meta, ...others]);
  if (error instanceof UniqueConstraintError) return namingFields(error, metas);
  return error instanceof QueryError ? (missingEnd(error, metas) ?? undeclaredMember(error, metas) ?? error) : error;
}
