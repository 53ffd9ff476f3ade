import type { EntityClass } from '../metadata/entity-metadata.js';
import { factory } from '../metadata/decorator-factory.js';
import { stageClass } from './context.js';
import type { ClassDecoration } from './signatures.js';

/**
 * Makes a class a subscriber to the events of the given entities, or of every entity when none is given.
 *
 * ```ts
 * @Subscriber(User)
 * class AuditSubscriber implements EntitySubscriber<User> {
 *   beforeUpdate(event: UpdateEvent<User>) {}
 * }
 * ```
 */
export const Subscriber = factory('Subscriber()', subscriber);
function subscriber(...entities: readonly EntityClass[]): ClassDecoration {
  return (...args) =>
    stageClass(args, 'Subscriber', (staged) => {
      staged.subscriber = Object.freeze([...entities]);
    });
}
