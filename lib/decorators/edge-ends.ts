import type { Box } from '../types/type-of.js';
import type { LinkTo } from '../types/relations.js';
import { factory } from '../metadata/decorator-factory.js';
import { stageProperty } from './context.js';
import type { PropertyDecoration } from './signatures.js';

type EndBox = Box<LinkTo<object>>;

/**
 * The record that an edge starts at.
 *
 * ```ts
 * @Table({ name: 'follows', type: 'relation', in: () => User, out: () => User })
 * class Follows { @Id() id!: RecordId<'follows'>; @In() in!: Link<User>; @Out() out!: Link<User>; }
 * ```
 *
 * @see https://surrealdb.com/docs/surrealql/statements/define/table#define-a-relation-table
 */
export const In = edgeEnd('In', 'in');

/** The record that an edge leads to; see `In`. */
export const Out = edgeEnd('Out', 'out');

function edgeEnd(decorator: 'In' | 'Out', end: 'in' | 'out'): () => PropertyDecoration<EndBox> {
  return factory(
    `${decorator}()`,
    () =>
      (...args: readonly unknown[]) =>
        stageProperty(args, decorator, (property) => ({ kind: 'end', property, end })),
  );
}
