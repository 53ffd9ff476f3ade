import { NotLoadedError } from '../errors/index.js';
import type { EntityMetadata } from '../metadata/entity-metadata.js';
import { identityOf, type RecordId } from '../values/index.js';
import type { EntityState } from './entity-state.js';
import type { CollectionMetadata, LinkHost } from './link-host.js';
import { COMPARED_BY_JEST } from './compared-by-jest.js';
import { Members, NO_MEMBERS } from './members.js';
import { otherEnd } from './other-end.js';
import { PendingLinks, type PendingLink } from './pending-links.js';
import { isDetached, stateOf } from './stamp.js';

/** By the identity of ids. */
export interface Keys {
  has(key: string): boolean;
}
const NOTHING: Keys = new Set();

/** What is known of a collection's members, what waits to be written, and what the two come to. */
export abstract class CollectionContents {
  #members: Members | undefined;
  #pending: PendingLinks | undefined;
  readonly #owner: EntityState;
  readonly #meta: CollectionMetadata;

  constructor(owner: EntityState, meta: CollectionMetadata) {
    this.#owner = owner;
    this.#meta = meta;
  }

  static isOne(value: unknown): value is CollectionContents {
    return typeof value === 'object' && value !== null && #owner in value;
  }

  get [COMPARED_BY_JEST](): readonly string[] {
    return [];
  }

  /** The ids of the members, pending changes included. */
  get ids(): readonly RecordId[] {
    const { known } = this;
    const stored = known?.ids ?? known?.items?.map((item) => this.idOf(item));
    if (stored === undefined && this.#pending?.list === undefined) throw this.notLoaded();
    return this.#pending === undefined ? (stored ?? []) : this.#pending.applyTo(stored ?? []);
  }

  /** False for the collection of another entity. */
  belongsTo(owner: EntityState): boolean {
    return this.#owner === owner;
  }

  /** The members that are known, pending changes included. @internal */
  get knownIds(): readonly RecordId[] {
    const stored = this.known?.ids ?? this.known?.items?.map((item) => this.idOf(item)) ?? [];
    return this.#pending === undefined ? stored : this.#pending.applyTo(stored);
  }

  protected get owner(): EntityState {
    return this.#owner;
  }

  protected get meta(): CollectionMetadata {
    return this.#meta;
  }

  protected get host(): LinkHost {
    return this.#owner.owner.links;
  }

  /** Nothing is stored of a new owner; one that replaces a record takes over its edges and what refers to it. */
  protected get startsEmpty(): boolean {
    const { phase, replaces } = this.#owner;
    return phase === 'new' && (replaces === undefined || this.#meta.kind === 'links');
  }

  /** Order and doubles count. */
  protected get isList(): boolean {
    return this.#meta.kind === 'links' && this.#meta.list;
  }

  protected get pending(): PendingLinks | undefined {
    return this.#pending;
  }

  protected set pending(pending: PendingLinks | undefined) {
    this.#pending = pending;
  }

  protected get members(): Members | undefined {
    return this.#members;
  }

  protected set members(members: Members | undefined) {
    this.#members = members;
  }

  /** What is known of the members that are stored; where all of them are to go, that there are none. */
  protected get known(): Members | undefined {
    return this.#pending?.cleared === true ? NO_MEMBERS : this.stored;
  }

  /** Whatever is changed in it is a change. */
  protected change(): PendingLinks {
    this.#pending ??= new PendingLinks();
    this.#pending.version++;
    return this.#pending;
  }

  /** The members that are loaded, pending changes included; undefined when nothing is. */
  protected shown(): object[] | undefined {
    const pending = this.#pending;
    if (pending?.whole !== undefined) return this.allOf(pending.whole);
    const items = this.known?.items;
    if (items === undefined) return undefined;
    return pending === undefined ? [...items] : this.showing(items, pending);
  }

  protected get isShown(): boolean {
    const whole = this.#pending?.whole;
    return whole === undefined ? this.known?.items !== undefined : this.allOf(whole) !== undefined;
  }

  /** Members of which only the ids were known have been given as entities. */
  protected recall(links: readonly PendingLink[]): void {
    const stored = this.stored;
    if (stored?.ids === undefined || stored.items !== undefined) return;
    const given = this.allOf(links);
    const isStored = (item: object) => stored.holds(identityOf(this.identify(item))) === true;
    if (given !== undefined) this.#members = new Members(stored.ids, given.filter(isStored), true);
  }

  protected shownEdges(): object[] | undefined {
    const edges = this.known?.edges;
    return edges && this.edgesWithout(this.#pending?.removed ?? NOTHING, edges);
  }

  /** Pending members of which only the id is known. */
  protected unloadedPending(): PendingLink[] {
    const links = this.#pending?.list ?? [...(this.#pending?.added.values() ?? [])];
    return links.filter((link) => this.#entityOf(link) === undefined);
  }

  protected identify(target: unknown): RecordId {
    return this.host.identify(targetsOf(this.#meta), target, this.#meta.path);
  }

  /** Of a member, which is whatever the database holds: only what is added has to be of the collection's classes. */
  protected idOf(item: object): RecordId {
    return stateOf(item)?.id ?? this.identify(item);
  }

  protected notLoaded(): NotLoadedError {
    const { path, property } = this.#meta;
    return new NotLoadedError({
      what: `${path} is not loaded`,
      fix: [`fetch it with the owner: { fetch: { ${property}: true } }`, `load it: await entity.${property}.load()`],
    });
  }

  protected get stored(): Members | undefined {
    return this.#members ?? (this.startsEmpty ? NO_MEMBERS : undefined);
  }

  protected showing(items: readonly object[], { added, removed }: PendingLinks): object[] {
    const kept = items.filter((item) => !removed.has(identityOf(this.idOf(item))));
    const shown = new Set<unknown>(kept);
    return [...kept, ...this.#loadedOf([...added.values()]).filter((entity) => !shown.has(entity))];
  }

  /** Undefined where only the id of one is known; what was looked for and is not there counts as shown. */
  protected allOf(links: readonly PendingLink[]): object[] | undefined {
    const stored = this.stored;
    const isMissing = ({ id }: PendingLink) => stored?.items !== undefined && stored.holds(identityOf(id)) === true;
    const isKnown = (link: PendingLink) => this.#entityOf(link) !== undefined || isMissing(link);
    return links.every(isKnown) ? this.#loadedOf(links) : undefined;
  }

  #loadedOf(links: readonly PendingLink[]): object[] {
    return links.map((link) => this.#entityOf(link)).filter((entity) => entity !== undefined);
  }

  #entityOf({ id, entity }: PendingLink): object | undefined {
    return entity === undefined || isDetached(entity) ? (this.host.peek(id) ?? entity) : entity;
  }

  protected edgesWithout(gone: Keys, edges: readonly object[]): object[] {
    return edges.filter((edge) => {
      const other = otherEnd(edge, this.#owner, this.#meta);
      return other !== undefined && !gone.has(identityOf(other));
    });
  }
}

export function targetsOf(meta: CollectionMetadata): readonly EntityMetadata[] {
  return meta.kind === 'links' ? meta.targets() : [meta.target()];
}
