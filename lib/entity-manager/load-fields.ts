import type { EntityState } from '../entity/entity-state.js';
import type { EntityMetadata } from '../metadata/entity-metadata.js';
import { buildFind } from '../query/index.js';
import type { RecordId } from '../values/index.js';
import type { EmSession } from './em-session.js';
import { notFound } from './errors.js';

/**
 * Reads fields that earlier reads have left out, of all entities of a class in one request. What an entity has or was given
 * stays as it is; where nothing is missing nothing is sent.
 *
 * @throws ValidationError for fields that there are not
 * @throws EntityNotFoundError for an entity whose record is gone; the others have been read
 */
export async function loadFields(
  session: EmSession,
  entities: readonly object[],
  fields: readonly string[],
): Promise<void> {
  const classes = new Map<EntityMetadata, EntityState[]>();
  for (const state of entities.map((entity) => session.uow.require(entity, 'load'))) {
    const known = classes.get(state.meta);
    if (known === undefined) classes.set(state.meta, [state]);
    else known.push(state);
  }
  await Promise.all([...classes].map(([meta, states]) => loadOf(session, meta, states, fields)));
}

async function loadOf(
  session: EmSession,
  meta: EntityMetadata,
  states: readonly EntityState[],
  fields: readonly string[],
): Promise<void> {
  const lacking = states.filter((state) => state.phase !== 'new' && !hasAll(state, fields));
  const { registry, ownWrites } = session.finder.context;
  // Entities in hand are read, whether or not filters would find them.
  const query = { registry, ...(ownWrites !== undefined && { ownWrites }) };
  const plan = buildFind(meta, { id: { $in: lacking.map(({ id }) => id) } }, { select: fields }, query);
  if (lacking.length === 0) return;
  await session.finder.run(meta, plan, {});
  const gone = lacking.find((state) => !hasAll(state, fields));
  if (gone !== undefined) throw notFound(meta.className, gone.id as RecordId);
}

/** Relations without a column are refused where the read is built. */
function hasAll(state: EntityState, fields: readonly string[]): boolean {
  return fields.every((name) => {
    const property = state.meta.byProperty.get(name);
    return property !== undefined && 'column' in property && state.isLoaded(property.column);
  });
}
