import type { EntityShape } from '../../entity/entity-shape.js';
import { stateOf } from '../../entity/stamp.js';
import { ValidationError } from '../../errors/index.js';
import type { EntityMetadata } from '../../metadata/entity-metadata.js';
import type { CreateChangeSet } from '../../unit-of-work/change-set.js';
import { computeCreate } from '../../unit-of-work/change-computer.js';
import { validateWork } from '../../unit-of-work/validate-work.js';
import type { RecordId } from '../../values/index.js';
import { EmSession } from '../em-session.js';
import { linkedById } from './linked-by-id.js';

/**
 * Rows as the change sets that would create them. They pass through a unit of work of their own: the same checks, codecs
 * and ids as `create`.
 *
 * @throws ValidationError for whatever is wrong in a row, and for data nested in its links
 */
export async function encodeRows(
  session: EmSession,
  meta: EntityMetadata,
  rows: readonly object[],
  verb: string,
): Promise<CreateChangeSet[]> {
  const { uow } = new EmSession(session.core);
  const encode = (target: EntityMetadata, entity: object) =>
    computeCreate(uow.shapes.of(target), uow.require(entity, verb), (entity as { id: RecordId }).id);
  const own = rows.map((row) => ({
    ...encode(meta, uow.create(meta, linkedById(meta, row), false)),
    ...generatedIn(uow.shapes.of(meta), row),
  }));
  const related = [...uow.states()]
    .filter((state) => state.phase === 'new')
    .map((state) => encode(state.meta, state.entity));
  await validateWork(uow, [...related, ...own]);
  if (related.length > 0) {
    throw new ValidationError({
      what: `em.${verb}(${meta.className}, …) was given data for ${related[0]?.meta.className ?? 'another entity'} inside a link`,
      why: `${verb} writes one table`,
      fix: [`${verb} the targets first and link them by id`, 'use em.create(…) and em.flush()'],
    });
  }
  for (const { state } of own) if (stateOf(state.entity) === state) state.phase = 'detached';
  return own;
}

function generatedIn({ generated }: EntityShape, row: object): Pick<CreateChangeSet, 'generated'> {
  const made = generated.filter(({ property }) => (row as Record<string, unknown>)[property] === undefined);
  return made.length === 0 ? {} : { generated: new Set(made.map(({ column }) => column)) };
}
