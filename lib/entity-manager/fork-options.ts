import { didYouMean } from '../types/nearest-word.js';
import { CapabilityError, ValidationError } from '../errors/index.js';
import type { FilterChoice } from '../query/index.js';

/** What an EntityManager is made for. */
export interface ForkOptions {
  /**
   * Parameters of filters, by name; `false` switches one off (or all, instead of an object), `true` on.
   *
   * ```ts
   * orm.em.fork({ filters: { tenant: { id: 'acme' }, softDelete: false } });
   * ```
   */
  readonly filters?: FilterChoice;
  /**
   * For long jobs: each `flush()`, an empty one too, lets go of entities that have no changes. Those that the job still
   * references stay the one object of their record; the others are garbage. Hold on to what you change until it is flushed.
   */
  readonly weak?: boolean;
}

const KNOWN: readonly string[] = ['filters', 'weak'];
const PLANNED: readonly string[] = ['namespace', 'database', 'auth'];

/** Misspelt options would silently do nothing. @throws ValidationError, CapabilityError */
export function checkForkOptions(options: object, verb: string): ForkOptions {
  for (const [name, given] of Object.entries(options)) {
    if (KNOWN.includes(name) || given === undefined) continue;
    if (PLANNED.includes(name)) throw notYet(name, verb);
    const what = `${verb} knows no option "${name}".${didYouMean(name, KNOWN)}`;
    throw new ValidationError({ what, errors: [{ path: name, message: what, rule: 'option' }] });
  }
  const { weak } = options as ForkOptions;
  if (weak === undefined || typeof weak === 'boolean') return options;
  throw new ValidationError({
    what: `${verb} was given weak: ${String(weak)}`,
    fix: '{ weak: true }',
    errors: [{ path: 'weak', message: 'must be true or false', rule: 'type' }],
  });
}

function notYet(name: string, verb: string): CapabilityError {
  return new CapabilityError({
    what: `${verb} was given the option "${name}"`,
    why: 'forks share the namespace, database and user of their ORM in this version',
    fix: 'make an ORM of its own for another namespace, database or user',
  });
}
