import type { RelationOptions } from '../metadata/options.js';
import type { LazyTargets } from '../metadata/staged.js';
import { stageProperty } from './context.js';
import type { PropertyDecoration } from './signatures.js';

/**
 * A relation to other entities: a record link, `many` links, the records at the other end of an `edge`, or the `inverse` of a link.
 *
 * ```ts
 * @Relation(() => Team, { onDelete: 'unset' }) team?: Link<Team>;
 * @Relation(() => Tag, { many: true }) tags!: Links<Tag>;
 * @Relation(() => User, { edge: () => Follows, direction: 'out' }) following!: Links<User, Follows>;
 * @Relation(() => Post, { inverse: 'author' }) posts!: Links<Post>;
 * ```
 *
 * @see https://surrealdb.com/docs/surrealql/datamodel/references
 */
export function Relation(target: LazyTargets, options: RelationOptions = {}): PropertyDecoration {
  return (...args: readonly unknown[]) =>
    stageProperty(args, 'Relation', (property) => ({ kind: 'relation', property, target, options: Object.freeze({ ...options }) }));
}
