import { NotLoadedError } from '../errors/index.js';
import type { EntityMetadata } from '../metadata/entity-metadata.js';
import { kindOf, toRecordId, type RecordId } from '../values/index.js';
import { isPlainData } from './plain-data.js';
import type { LinkHost } from './link-host.js';
import { stateOf } from './stamp.js';

interface Attachment {
  readonly host: LinkHost;
  readonly meta: EntityMetadata;
  /** `Post.author`, for messages. */
  readonly path: string;
}

/**
 * A record link on an entity: holds the id, and the entity once it is loaded.
 * Assigning and `set()` wait for the flush.
 */
export class LinkReference {
  readonly id: RecordId;
  #attachment: Attachment | undefined;
  #target: object | undefined;

  constructor(id: RecordId, target?: object, attachment?: Attachment) {
    this.id = id;
    this.#target = target;
    this.#attachment = attachment;
  }

  static is(value: unknown): value is LinkReference {
    return typeof value === 'object' && value !== null && #target in value;
  }

  /** The target, loaded or not yet inserted; undefined when only the id is known. */
  peek(): object | undefined {
    const target = this.#target;
    if (target !== undefined && stateOf(target)?.phase !== 'reference') return target;
    return this.#attachment?.host.peek(this.id);
  }

  attach(attachment: Attachment): this {
    this.#attachment = attachment;
    return this;
  }

  /** Takes the entity that a fetch has loaded. */
  fill(target: object): void {
    this.#target = target;
  }

  get isLoaded(): boolean {
    return this.peek() !== undefined;
  }

  get(): object {
    const target = this.peek();
    if (target !== undefined) return target;
    const path = this.#attachment?.path ?? 'The link';
    const property = path.slice(path.lastIndexOf('.') + 1);
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
    const target = await host.loadOne(meta, this.id);
    this.#target = target;
    return target;
  }

  set(target: unknown): void {
    const { host, meta, path } = this.#require('set');
    (this as { id: RecordId }).id = host.identify(meta, target, path);
    this.#target = entityOf(target);
  }

  toJSON(): unknown {
    return this.peek() ?? String(this.id);
  }

  #require(verb: string): Attachment {
    if (this.#attachment !== undefined) return this.#attachment;
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
