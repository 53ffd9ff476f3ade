import type { Box } from '../types/type-of.js';
import type { LinkTo } from '../types/relations.js';
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
export function In(): PropertyDecoration<EndBox> {
  return (...args: readonly unknown[]) =>
    stageProperty(args, 'In', (property) => ({ kind: 'end', property, end: 'in' }));
}

/** The record that an edge leads to; see `In`. */
export function Out(): PropertyDecoration<EndBox> {
  return (...args: readonly unknown[]) =>
    stageProperty(args, 'Out', (property) => ({ kind: 'end', property, end: 'out' }));
}
