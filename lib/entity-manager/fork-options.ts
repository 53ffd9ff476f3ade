import { didYouMean } from '../types/nearest-word.js';
import { ValidationError } from '../errors/index.js';
import type { SessionOptions } from '../driver/driver.js';
import { requireOptions } from './as-options.js';
import type { FilterChoice } from '../query/index.js';

/** What an EntityManager is made for. */
export interface ForkOptions {
  /** Another namespace, over the same connection; the server makes it when it is missing. */
  readonly namespace?: string | undefined;
  /** Another database, over the same connection; the server makes it when it is missing. */
  readonly database?: string | undefined;
  /**
   * As whom: `{ token }`, `{ access, variables }`, `{ username, password }`, a function that gives one of these, or
   * `'anonymous'`. Left out, or undefined: as whoever the EntityManager that is forked works.
   */
  readonly auth?: SessionOptions['auth'];
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

/** Nothing but a place: whoever works there is the business of a fork. @throws ValidationError */
export function checkPlace(given: Pick<ForkOptions, 'namespace' | 'database'>): typeof given {
  const { namespace, database, ...others } = requireOptions(given, 'orm.at()', "orm.at({ namespace: 'acme' })");
  const [unknown] = Object.keys(others);
  if (unknown === undefined) return { namespace, database };
  const what = `orm.at() knows no option "${unknown}"`;
  throw new ValidationError({
    what,
    why: 'it takes a namespace and a database',
    ...(KNOWN.includes(unknown) && { fix: `orm.at({ … }).em.fork({ ${unknown}: … })` }),
    errors: [{ path: unknown, message: what, rule: 'option' }],
  });
}

const KNOWN: readonly string[] = ['filters', 'weak', 'namespace', 'database', 'auth'];

/** Misspelt options would silently do nothing. @throws ValidationError */
export function checkForkOptions(given: ForkOptions, verb: string): ForkOptions {
  const options = requireOptions(given, verb, `${verb}({ filters: { … } })`);
  for (const [name, given] of Object.entries(options)) {
    if (KNOWN.includes(name) || given === undefined) continue;
    const what = `${verb} knows no option "${name}".${didYouMean(name, KNOWN)}`;
    throw new ValidationError({ what, errors: [{ path: name, message: what, rule: 'option' }] });
  }
  const { weak } = options;
  if (weak === undefined || typeof weak === 'boolean') return options;
  throw new ValidationError({
    what: `${verb} was given weak: ${String(weak)}`,
    fix: '{ weak: true }',
    errors: [{ path: 'weak', message: 'must be true or false', rule: 'type' }],
  });
}
