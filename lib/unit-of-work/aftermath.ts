import type { EntityShape } from '../entity/entity-shape.js';
import type { EntityState } from '../entity/entity-state.js';
import { idsOf } from '../entity/hydrate.js';
import type { EntityMetadata, LinkMetadata, LinksMetadata } from '../metadata/entity-metadata.js';
import { identityOf, RecordId } from '../values/index.js';
import type { ChangeSet } from './change-set.js';
import type { UnitOfWork } from './unit-of-work.js';

type Link = LinkMetadata | LinksMetadata;

/**
 * Tracked entities of which only the server knows what a deletion makes of them: those that link to records which may go
 * along unseen, and those whose `onDelete` is a statement of the application. The flush reads them again at its end.
 */
export function findAftermath(uow: UnitOfWork, sets: readonly ChangeSet[]): EntityState[] {
  const deleted = sets.filter((set) => set.action === 'delete' && set.soft === undefined);
  if (deleted.length === 0) return [];
  const along = tablesGoingAlong(uow.registry.entities, new Set(deleted.map(({ meta }) => meta.table)));
  const deletion = new Deletion(uow, new Set(deleted.map(({ id }) => identityOf(id))), along);
  const gone = new Set(deleted.map(({ state }) => state));
  return [...uow.states()].filter(
    (state) => state.phase === 'managed' && !gone.has(state) && deletion.mayTouch(uow.shapes.of(state.meta), state),
  );
}

class Deletion {
  readonly #uow: UnitOfWork;
  readonly #ids: ReadonlySet<string>;
  readonly #along: ReadonlySet<string>;

  constructor(uow: UnitOfWork, ids: ReadonlySet<string>, along: ReadonlySet<string>) {
    this.#uow = uow;
    this.#ids = ids;
    this.#along = along;
  }

  mayTouch({ links, linkArrays }: EntityShape, { row }: EntityState): boolean {
    return [...links, ...linkArrays].some((link) => {
      const action = actionOf(link);
      if (action === 'ignore' || action === 'reject') return false;
      return idsIn(row?.[link.column]).some((id) => (action === 'statement' ? this.#mayGo(id) : this.#mayGoUnseen(id)));
    });
  }

  #mayGo(id: RecordId): boolean {
    return this.#along.has(id.table) || this.#ids.has(identityOf(id));
  }

  /** What is tracked is followed in memory. */
  #mayGoUnseen(id: RecordId): boolean {
    return this.#along.has(id.table) && !this.#ids.has(identityOf(id)) && this.#uow.get(id)?.row === undefined;
  }
}

/** Tables of which the server deletes records when it deletes some of these. */
function tablesGoingAlong(entities: readonly EntityMetadata[], from: ReadonlySet<string>): ReadonlySet<string> {
  const along = new Set<string>();
  const pending = [...from];
  for (let table = pending.pop(); table !== undefined; table = pending.pop())
    for (const meta of entities)
      if (!along.has(meta.table) && meta.properties.some((property) => cascadesFrom(property, table as string))) {
        along.add(meta.table);
        pending.push(meta.table);
      }
  return along;
}

function cascadesFrom(property: EntityMetadata['properties'][number], table: string): boolean {
  if (property.kind !== 'link' && property.kind !== 'links') return false;
  return actionOf(property) === 'cascade' && property.targets().some((target) => target.table === table);
}

/** An edge goes with its ends. */
function actionOf(link: Link): 'cascade' | 'unset' | 'ignore' | 'reject' | 'statement' {
  if (link.kind === 'link' && link.end !== undefined) return 'cascade';
  return typeof link.onDelete === 'string' ? link.onDelete : 'statement';
}

function idsIn(raw: unknown): readonly RecordId[] {
  return RecordId.is(raw) ? [raw] : idsOf(raw);
}
