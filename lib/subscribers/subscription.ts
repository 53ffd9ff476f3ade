import { MetadataError } from '../errors/index.js';
import { isOrExtends } from '../metadata/is-a.js';
import type { EntityClass, EntityMetadata, MetadataRegistry } from '../metadata/entity-metadata.js';
import { stagedOf } from '../metadata/staging.js';
import type { SubscriberClass, SubscriberInput, SubscriberRegistration } from './entity-subscriber.js';
import { EVENT_NAMES, type EventName } from './event-name.js';

type Hooks = Readonly<Record<string, unknown>>;

/** A subscriber's instance, what it is for, and the name it has in messages. */
export class Subscription {
  readonly instance: object;
  readonly name: string;
  readonly #targets: readonly EntityClass[];

  constructor(instance: object, targets: readonly EntityClass[]) {
    this.instance = instance;
    this.name = nameOf(instance);
    this.#targets = targets;
  }

  /** True when the subscriber is for this entity: named itself, by a base class, or because every entity is. */
  isFor(metadata: EntityMetadata): boolean {
    return this.#targets.length === 0 || this.#targets.some((target) => isOrExtends(metadata.target, target));
  }

  hears(event: EventName): boolean {
    return typeof (this.instance as Hooks)[event] === 'function';
  }

  /** Looked up at each call, so that a spy put over the method is called. */
  call(event: EventName, ...args: readonly unknown[]): unknown {
    return Reflect.apply((this.instance as Hooks)[event] as () => unknown, this.instance, args);
  }
}

/**
 * Makes subscriptions of what was registered, each instance and each class once.
 *
 * @throws MetadataError for a class without `@Subscriber()`, one that cannot be made without arguments, a target that is
 *   no entity and something without a single hook; all problems at once.
 */
export function subscriptionsOf(
  registry: MetadataRegistry,
  inputs: readonly SubscriberInput[],
): readonly Subscription[] {
  const problems: string[] = [];
  const subscriptions: Subscription[] = [];
  const seen = new Set<unknown>();
  for (const input of inputs) {
    const key = isRegistration(input) ? input.instance : input;
    if (seen.has(key)) continue;
    seen.add(key);
    const resolved = isClass(input) ? ofClass(input, problems) : ofInstance(input);
    if (resolved === undefined) continue;
    seen.add(resolved.instance);
    check(registry, resolved, problems);
    subscriptions.push(new Subscription(resolved.instance, resolved.targets));
  }
  if (problems.length > 0) {
    throw new MetadataError({ what: 'The subscribers cannot be registered', why: problems.join('; '), problems });
  }
  return Object.freeze(subscriptions);
}

type Resolved = Required<SubscriberRegistration>;

function ofClass(subscriber: SubscriberClass, problems: string[]): Resolved | undefined {
  const targets = targetsOf(subscriber);
  if (!Object.hasOwn(subscriber, 'prototype')) {
    // Legacy decorators replace a class by what they answer; `@Subscriber` is called with classes, so it cannot tell.
    problems.push(
      'a function stands where a class was: @Subscriber was written without parentheses; write @Subscriber()',
    );
    return undefined;
  }
  if (targets === undefined) {
    problems.push(
      `${subscriber.name} has no @Subscriber(); write @Subscriber(User) or @Subscriber() above the class, or register an instance`,
    );
    return undefined;
  }
  if (subscriber.length > 0) {
    problems.push(
      `${subscriber.name} wants constructor arguments; register an instance: subscribers: [new ${subscriber.name}(…)]`,
    );
    return undefined;
  }
  return { instance: new subscriber(), targets };
}

function ofInstance(input: object): Resolved {
  const instance = isRegistration(input) ? input.instance : input;
  const given = isRegistration(input) ? input.targets : undefined;
  return { instance, targets: given === undefined ? (targetsOf(instance.constructor) ?? []) : given };
}

/** The arguments of the nearest `@Subscriber(…)` of a class or its bases; undefined where there is none. */
function targetsOf(subscriber: unknown): readonly EntityClass[] | undefined {
  for (let each = subscriber; typeof each === 'function'; each = Object.getPrototypeOf(each) as unknown) {
    const staged = stagedOf(each)?.subscriber;
    if (staged !== undefined) return staged;
  }
  return undefined;
}

function check(registry: MetadataRegistry, { instance, targets }: Resolved, problems: string[]): void {
  const name = nameOf(instance);
  if (!EVENT_NAMES.some((event) => typeof (instance as Hooks)[event] === 'function')) {
    problems.push(`${name} has no hook; name its methods after events: ${EVENT_NAMES.join(', ')}`);
  }
  for (const target of targets) {
    if (typeof target !== 'function') {
      problems.push(`${name} is for ${String(target)}; its file and the entity's may import each other in a circle`);
    } else if (!registry.entities.some((metadata) => isOrExtends(metadata.target, target))) {
      problems.push(`${name} is for ${target.name}, which is neither an entity of this ORM nor a base class of one`);
    }
  }
}

function isClass(input: SubscriberInput): input is SubscriberClass {
  return typeof input === 'function';
}

function isRegistration(input: SubscriberInput): input is SubscriberRegistration {
  return 'instance' in input && typeof input.instance === 'object' && input.instance !== null;
}

function nameOf(instance: object): string {
  const name: unknown = instance.constructor?.name;
  return typeof name === 'string' && name !== '' && name !== 'Object' ? name : 'a subscriber';
}
