import { NotLoadedError } from '../errors/index.js';
import type { LinkMetadata } from '../metadata/entity-metadata.js';
import { INSPECT, kindOf, toRecordId, type RecordId } from '../values/index.js';
import { COMPARED_BY_JEST } from './compared-by-jest.js';
import type { EntityState } from './entity-state.js';
import { isPlainData } from './plain-data.js';
import type { LinkHost } from './link-host.js';
import { viewOfLink } from './link-views.js';
import { stateOf } from './stamp.js';

/**
 * A record link on an entity: holds the id, and the entity once it is loaded.
 * Assigning and `set()` wait for the flush.
 */
export class LinkReference {
  /** What debuggers and test frameworks show. */
  static readonly name = 'Link';
  readonly id: RecordId;
  #target: object | undefined;
  #owner: EntityState | undefined;
  #meta: LinkMetadata | undefined;

  constructor(id: RecordId, target?: object, owner?: EntityState, meta?: LinkMetadata) {
    this.id = id;
    this.#target = target;
    this.#owner = owner;
    this.#meta = meta;
  }

  static is(value: unknown): value is LinkReference {
    return typeof value === 'object' && value !== null && #target in value;
  }

  get [COMPARED_BY_JEST](): readonly string[] {
    return ['id'];
  }

  /** The target, loaded or not yet inserted; undefined when only the id is known. */
  peek(): object | undefined {
    const target = this.#target;
    const phase = target === undefined ? 'reference' : stateOf(target)?.phase;
    if (phase !== 'reference' && phase !== 'detached') return target;
    const tracked = this.#owner?.owner.links.peek(this.id);
    return phase === 'detached' ? (tracked ?? target) : tracked;
  }

  /** The instance that it was given or has loaded, tracked or not. */
  get held(): object | undefined {
    return this.#target;
  }

  /** True when the link stands on this property of this entity, and not yet on another one's. */
  belongsTo(owner: EntityState, meta: LinkMetadata): boolean {
    return this.#owner === owner && this.#meta === meta;
  }

  /** Takes the entity that a fetch has loaded. */
  fill(target: object): void {
    this.#target = target;
  }

  /** The target is shown no more; its id stays known. */
  unload(): void {
    this.#target = undefined;
  }

  /** What it holds, for a rollback to put back. @internal */
  snapshot(): unknown {
    return this.#target;
  }

  /** @internal */
  restore(snapshot: unknown): void {
    this.#target = snapshot as object | undefined;
  }

  get isLoaded(): boolean {
    return this.peek() !== undefined;
  }

  get(): object {
    const target = this.peek();
    if (target !== undefined) return target;
    const path = this.#meta === undefined ? 'The link' : this.#meta.path;
    const property = this.#meta === undefined ? 'link' : this.#meta.property;
    throw new NotLoadedError({
      what: `${path} is not loaded`,
      why: `only its id ${String(this.id)} is known`,
      fix: [`fetch it with the owner: { fetch: { ${property}: true } }`, `load it: await entity.${property}.load()`],
    });
  }

  async load(): Promise<object> {
    const known = this.peek();
    if (known !== undefined) return known;
    const { host, meta } = this.#require('load');
    return (this.#target = await host.loadOne(meta.target(), this.id, meta.path));
  }

  /** Gives its owner another link in its place: whoever else was given this one keeps what it leads to. `null` leaves none. */
  set(target: unknown): void {
    const { host, owner, meta } = this.#require('set');
    if (target === null || target === undefined) {
      Reflect.set(owner.entity, meta.property, undefined);
      return;
    }
    const resolved = host.resolve(meta.targets(), target, meta.path);
    const id = host.identify(meta.targets(), resolved, meta.path);
    Reflect.set(owner.entity, meta.property, new LinkReference(id, entityOf(resolved), owner, meta));
  }

  toJSON(): unknown {
    return (LinkReference.is(this) ? this.peek() : undefined) ?? String(this.id);
  }

  [INSPECT](): object {
    return viewOfLink(this.id, this.peek());
  }

  #require(verb: string): { readonly host: LinkHost; readonly owner: EntityState; readonly meta: LinkMetadata } {
    const [owner, meta] = [this.#owner, this.#meta];
    if (owner !== undefined && meta !== undefined) return { host: owner.owner.links, owner, meta };
    throw new NotLoadedError({
      what: `link.${verb}() was called on a link that belongs to no managed entity`,
      fix: 'persist its owner first, or use the link inside em.create(…)',
    });
  }
}

/** The entity that a link's input stands for, where it is one: tracked, or an instance that is not tracked yet. */
export function entityOf(target: unknown): object | undefined {
  if (LinkReference.is(target)) return target.peek();
  if (typeof target !== 'object' || target === null) return undefined;
  if (stateOf(target) !== undefined) return target;
  return isInstance(target) ? target : undefined;
}

function isInstance(target: object): boolean {
  if (Array.isArray(target) || kindOf(target) !== undefined || toRecordId(target) !== undefined) return false;
  return !isPlainData(target);
}
