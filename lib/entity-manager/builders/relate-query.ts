import { ValidationError } from '../../errors/index.js';
import type { EntityMetadata } from '../../metadata/entity-metadata.js';
import type { Printed } from '../../surrealql/printed.js';
import type { EdgeData, EndInput, IdInput } from '../../types/index.js';
import { relateRecords, relateRequest, relating, type Relating, type RelateOptions } from '../direct/relate.js';
import type { EmSession } from '../em-session.js';
import { printRequest } from '../print-request.js';

interface RelateParts {
  readonly from?: unknown;
  readonly to?: unknown;
  readonly data: object;
  readonly options: RelateOptions;
}

/**
 * An edge, built step by step; immutable, and without effect before `execute`.
 *
 * ```ts
 * const follows = await em.relate(Follows).from(ann).to('user:bob').set({ since: new Date() }).execute();
 * ```
 * @see https://surrealdb.com/docs/surrealql/statements/relate
 */
export class RelateQuery<E extends object> {
  readonly #session: EmSession;
  readonly #meta: EntityMetadata;
  readonly #parts: RelateParts;

  /** @internal */
  constructor(session: EmSession, meta: EntityMetadata, parts: RelateParts = { data: {}, options: {} }) {
    this.#session = session;
    this.#meta = meta;
    this.#parts = parts;
  }

  /** Where it starts: an entity, a link, a record id, a key or text. */
  from(from: EndInput<E, 'in'>): RelateQuery<E> {
    return this.#with({ from });
  }

  /** Where it leads. */
  to(to: EndInput<E, 'out'>): RelateQuery<E> {
    return this.#with({ to });
  }

  /** Data of the edge, beside what was said before. */
  set(data: Partial<EdgeData<E>> & { readonly id?: IdInput<E> }): RelateQuery<E> {
    return this.#with({ data: { ...this.#parts.data, ...data } });
  }

  /** What becomes of it where such an edge exists. */
  onConflict(onConflict: NonNullable<RelateOptions['onConflict']>): RelateQuery<E> {
    return this.#with({ options: { ...this.#parts.options, onConflict } });
  }

  /** Milliseconds that the server may take to write it: `TIMEOUT`. */
  timeout(timeout: number): RelateQuery<E> {
    return this.#with({ options: { ...this.#parts.options, timeout } });
  }

  /** Makes the edge; undefined in a deferred transaction. @throws ValidationError without both ends, and as `em.relate` */
  async execute(): Promise<E> {
    return (await relateRecords(this.#relating(), this.#parts.options)) as E;
  }

  /** The text of the request, and the values bound in it. @throws ValidationError as `execute` */
  toSurql(): Printed {
    return printRequest(this.#session, relateRequest(this.#relating(), this.#parts.options));
  }

  #relating(): Relating {
    const { from, to, data } = this.#parts;
    for (const [end, given] of Object.entries({ from, to })) if (given === undefined) throw noEnd(this.#meta, end);
    return relating(this.#session, this.#meta, from, to, data);
  }

  #with(parts: Partial<RelateParts>): RelateQuery<E> {
    return new RelateQuery<E>(this.#session, this.#meta, { ...this.#parts, ...parts });
  }
}

function noEnd({ className }: EntityMetadata, end: string): ValidationError {
  const what = `em.relate(${className}) was not told .${end}(…)`;
  const fix = `em.relate(${className}).from(start).to(end).set({ … }).execute()`;
  return new ValidationError({
    what,
    why: 'an edge has two ends',
    fix,
    errors: [{ path: className, message: what, rule: 'required' }],
  });
}
