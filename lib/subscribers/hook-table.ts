import type { EntityMetadata, MetadataRegistry } from '../metadata/entity-metadata.js';
import type { LifecycleEvent } from '../metadata/options.js';
import type { Next } from './entity-subscriber.js';
import { EVENTS, EVENT_NAMES, type EventName } from './event-name.js';
import type { Subscription } from './subscription.js';

/** One function to call, and what it is called in messages: `User.makeSlug (beforeCreate)`, `AuditSubscriber.afterCommit`. */
export interface Hook {
  readonly label: string;
  call(event: unknown, next?: Next): unknown;
}

type HooksByEvent = ReadonlyMap<EventName, readonly Hook[]>;

const NO_HOOKS: readonly Hook[] = Object.freeze([]);

/** The hooks of every event and entity, found once: whether there is any must cost nothing to ask. */
export class HookTable {
  readonly #subscriptions: readonly Subscription[];
  readonly #ofAll: HooksByEvent;
  readonly #ofEntity = new Map<EntityMetadata, HooksByEvent>();
  readonly #anywhere: ReadonlySet<EventName>;

  constructor(registry: MetadataRegistry, subscriptions: readonly Subscription[]) {
    this.#subscriptions = subscriptions;
    this.#ofAll = this.#collect(undefined);
    const anywhere = new Set(this.#ofAll.keys());
    for (const metadata of registry.entities) for (const event of this.#tableOf(metadata).keys()) anywhere.add(event);
    this.#anywhere = anywhere;
  }

  /** Entity methods first, then subscribers in the order of registration. Without `metadata`: of subscribers alone. */
  hooks(event: EventName, metadata: EntityMetadata | undefined): readonly Hook[] {
    const table = metadata === undefined || !EVENTS[event].ofEntity ? this.#ofAll : this.#tableOf(metadata);
    return table.get(event) ?? NO_HOOKS;
  }

  /** Without `metadata`: whether any entity has such a hook. */
  has(event: EventName, metadata: EntityMetadata | undefined): boolean {
    return metadata === undefined ? this.#anywhere.has(event) : this.hooks(event, metadata).length > 0;
  }

  #tableOf(metadata: EntityMetadata): HooksByEvent {
    const known = this.#ofEntity.get(metadata);
    if (known !== undefined) return known;
    const table = this.#collect(metadata);
    this.#ofEntity.set(metadata, table);
    return table;
  }

  #collect(metadata: EntityMetadata | undefined): HooksByEvent {
    const table = new Map<EventName, readonly Hook[]>();
    for (const event of EVENT_NAMES) {
      const hooks = [
        ...(metadata === undefined ? [] : methodHooks(metadata, event)),
        ...this.#subscriptions
          .filter((each) => each.hears(event) && (metadata === undefined || each.isFor(metadata)))
          .map((each) => subscriberHook(each, event)),
      ];
      if (hooks.length > 0) table.set(event, Object.freeze(hooks));
    }
    return table;
  }
}

function methodHooks(metadata: EntityMetadata, event: EventName): readonly Hook[] {
  const methods = metadata.hooks.get(event as LifecycleEvent) ?? [];
  return methods.map((method) => ({
    label: `${metadata.className}.${method} (${event})`,
    call: (payload) => {
      const entity = (payload as { readonly entity: Record<string, (event: unknown) => unknown> }).entity;
      return entity[method]?.(payload);
    },
  }));
}

function subscriberHook(subscription: Subscription, event: EventName): Hook {
  return {
    label: `${subscription.name}.${event}`,
    call: (payload, next) =>
      next === undefined ? subscription.call(event, payload) : subscription.call(event, payload, next),
  };
}
