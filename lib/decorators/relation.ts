import type { EntityClass } from '../metadata/entity-metadata.js';
import type { Lazy, RelationOptions } from '../metadata/options.js';
import type { LazyTargets } from '../metadata/staged.js';
import type { RelationKey } from '../types/keys.js';
import type { Anything } from '../types/property-check.js';
import type { LinksTo, LinkTo } from '../types/relations.js';
import type { Box } from '../types/type-of.js';
import { factory } from '../metadata/decorator-factory.js';
import { stageProperty } from './context.js';
import type { PropertyDecoration } from './signatures.js';

type InstanceOf<C> = C extends readonly EntityClass<infer U>[] ? U : C extends EntityClass<infer U> ? U : never;

type Options<U> = Omit<RelationOptions, 'inverse' | 'edge'> & {
  /** The property of the target that points back. */
  readonly inverse?: RelationKey<U>;
  /** The entity of the edge table between the two. */
  readonly edge?: Lazy;
};

type RelationBox<U, O> = O extends { readonly many: true } | { readonly edge: Lazy } | { readonly inverse: string }
  ? Box<LinksTo<U, EdgeOf<O>>> | MissingBox<O>
  : Box<LinkTo<U>> | MissingBox<O> | UnsetBox<O>;
type EdgeOf<O> = O extends { readonly edge: () => EntityClass<infer E> } ? E : unknown;
type MissingBox<O> = O extends { readonly optional: true } ? Box<undefined> : never;
type UnsetBox<O> = O extends { readonly onDelete: 'unset' } ? Box<undefined> : never;

/**
 * A relation to other entities: a record link, `many` links, the records at the other end of an `edge`, or the `inverse` of
 * a link. A link may be missing when `optional: true` or `onDelete: 'unset'` says so, because a decorator cannot see the `?`.
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
export const Relation = factory('Relation(() => Team)', relation);
function relation<C extends EntityClass | readonly EntityClass[], const O extends Options<InstanceOf<C>>>(
  target: () => C,
  options?: O,
): PropertyDecoration<RelationBox<InstanceOf<C>, O>>;
function relation(target: LazyTargets, options: RelationOptions = {}): PropertyDecoration<Anything> {
  return (...args: readonly unknown[]) =>
    stageProperty(args, 'Relation', (property) => ({
      kind: 'relation',
      property,
      target,
      options: Object.freeze({ ...options }),
    }));
}
