import type { EventOptions } from '../metadata/options.js';
import { classFactory } from '../metadata/decorator-factory.js';
import { stageClass } from './context.js';
import type { ClassDecoration } from './signatures.js';

/**
 * What the server does by itself when a record of the table changes. `$event`, `$before`, `$after` and `$value` are known in
 * it; a failure fails the write.
 *
 * ```ts
 * @Event({ name: 'audit', when: surql`$event = 'UPDATE'`, then: surql`CREATE log SET of = $value.id` })
 * class User {}
 * ```
 *
 * @see https://surrealdb.com/docs/surrealql/statements/define/event
 */
export const Event = classFactory("Event({ name: '…', then: surql`…` })", event);
function event(options: EventOptions): ClassDecoration {
  return (...args) => stageClass(args, 'Event', (staged) => staged.events.unshift(Object.freeze({ ...options })));
}
