import type { RecordId, RecordKey, Uuid } from '../values/index.js';
import type { CreateData } from './create-data.js';
import type { Fetch, NoFetch } from './fetch.js';
import type { FindOptions } from './find-options.js';
import type { Loaded } from './loaded.js';
import type { Select } from './select.js';
import type { Where } from './where.js';

declare const LINK: unique symbol;
declare const LINKS: unique symbol;
declare const EDGE: unique symbol;

/** Type-only: what a link or the links of a property lead to. */
export interface LinkTo<T> {
  readonly [LINK]: T;
}
export interface LinksTo<T, E = unknown> {
  readonly [LINKS]: T;
  readonly [EDGE]?: E;
}

/** The id of an entity class's records. */
export type IdOf<T> = T extends { readonly id: infer Id extends RecordId } ? Id : RecordId;

/** What names a record of `T`: its id, its key, or text such as `'team:x'`. */
export type IdInput<T> = IdOf<T> | KeyInput<IdOf<T>, readonly unknown[]>;
/** The same where a list means several: a list is a key only when the id's type says so. */
export type LinkKey<T> = IdOf<T> | KeyInput<IdOf<T>, never>;

type KeyInput<Id, Lists> =
  Id extends RecordId<infer Name, infer Key> ? PlainKey<Key, Lists> | `${Name}:${string}` : never;
/** An object as a key cannot be told from data: it is given inside a RecordId. */
type PlainKey<Key, Lists> = RecordKey extends Key
  ? string | number | bigint | Uuid | Lists
  : Extract<Key, string | number | bigint | Uuid | readonly unknown[]>;

/** What may be assigned to a link: an entity, a link, an id or key, or data that creates the target with the owner. */
export type LinkInput<T extends object> = MemberInput<T> | CreateData<T>;
/** What names a record that exists already, or an entity; of one that was read in part the id is enough. */
export type MemberInput<T extends object> = T | PartOf<T> | Link<T> | LinkKey<T>;
type PartOf<T> = Partial<T> & { readonly id: IdOf<T> };

interface LinkBase<T extends object> extends LinkTo<T> {
  /** Known even when nothing is loaded. */
  readonly id: IdOf<T>;
  /** Reads the target unless it is loaded. @throws EntityNotFoundError when the record is gone */
  load(): Promise<T>;
  /** Points the link elsewhere; written by the next flush. */
  set(target: LinkInput<T> | null): void;
}
/** A link whose target has been read. */
export interface LoadedLink<T extends object> extends LinkBase<T> {
  readonly isLoaded: true;
  /** The target. */
  get(): T;
}
interface UnloadedLink<T extends object> extends LinkBase<T> {
  readonly isLoaded: false;
  /** Only a fetched link can be read: fetch it, test `isLoaded`, or `await link.load()`. @throws NotLoadedError */
  get(this: LoadedLink<T>): T;
}

/**
 * A record link on an entity.
 *
 * ```ts
 * @Relation(() => Team, { onDelete: 'unset' }) team?: Link<Team>;
 *
 * const user = await em.findOneOrFail(User, 'ann', { fetch: { team: true } });
 * user.team?.get().name;
 * ```
 */
export type Link<T extends object> = LoadedLink<T> | UnloadedLink<T>;

/** The data of an edge, its ends and id left out. */
export type EdgeData<E extends object> = [E] extends [never] ? never : Omit<CreateData<E>, 'id' | 'in' | 'out'>;

/** The entity class at an end of an edge; where the property of the end has another name, that of any of its links. */
export type EndOf<E, K extends 'in' | 'out'> = E extends { readonly [P in K]: infer L }
  ? TargetOf<NonNullable<L>>
  : TargetOf<NonNullable<E[keyof E]>>;

/** What names the record at an end of an edge: an entity, a link, an id, a key or text. */
export type EndInput<E, K extends 'in' | 'out'> = MemberInput<EndOf<E, K>> | RecordId;

/** Where edges lead: along them, against them, or either way. */
export type OtherEnd<E, D extends 'in' | 'out' | 'both'> = D extends 'both'
  ? EndOf<E, 'in' | 'out'>
  : D extends 'in' | 'out'
    ? EndOf<E, D>
    : never;

/** What names the record that edges are asked of: their start, their end, or either. */
export type NodeInput<E, D extends 'in' | 'out' | 'both'> = D extends 'both'
  ? EndInput<E, 'in'> | EndInput<E, 'out'>
  : EndInput<E, D extends 'out' ? 'in' : 'out'>;

/**
 * The many side of a relation: an array of links, edges, or the inverse of a link.
 *
 * ```ts
 * @Relation(() => User, { edge: () => Follows, direction: 'out' }) following!: Links<User, Follows>;
 *
 * ann.following.add(bob, { since: new Date() });
 * await em.flush();
 * ```
 */
export interface Links<T extends object, E extends object = never> extends LinksTo<T, E> {
  readonly isLoaded: boolean;
  /** The ids of the members, pending changes included. */
  readonly ids: readonly IdOf<T>[];
  /** How many there are, when the fetch asked with `count: true`. */
  readonly total?: number;
  /** Adds members, over an edge with the edge's data; written by the next flush. */
  add(target: LinkInput<T> | readonly LinkInput<T>[], data?: EdgeData<E>): void;
  /** Removes members; written by the next flush. */
  remove(target: MemberInput<T> | readonly MemberInput<T>[]): void;
  /** Makes these the only members; written by the next flush. */
  set(targets: Iterable<LinkInput<T>>): void;
  /** Removes every member; written by the next flush. */
  clear(): void;
  contains(target: MemberInput<T>): Promise<boolean>;
  /** How many members there are, without loading them. */
  count(): Promise<number>;
  /** The members that match, without loading the others. */
  find<
    const F extends Fetch<T> = NoFetch,
    const S extends Select<T> = Select<T>,
    const O extends Select<T> = Select<T>,
  >(
    where?: Where<T>,
    options?: FindOptions<T, F, S, O>,
  ): Promise<Loaded<T, F, S, O>[]>;
  /** Reads the members unless they are loaded. */
  load(): Promise<T[]>;
  /** Only fetched members can be read: fetch them, or `await links.load()`. @throws NotLoadedError */
  get(this: LoadedLinks<T, E>): T[];
  /** The edges that were read with the members, as managed entities; parallel ones each. @throws NotLoadedError */
  edges(this: LoadedLinks<T, E>): E[];
}

/** Links whose members have been read: they can be gone through. */
export interface LoadedLinks<T extends object, E extends object = never> extends Links<T, E>, Iterable<T> {
  readonly isLoaded: true;
  readonly length: number;
  /** The members. */
  get(): T[];
}

/** The entity class behind a property of type Link or Links; never for any other. */
export type TargetOf<P> = P extends LinkTo<infer T extends object> | LinksTo<infer T extends object> ? T : never;
