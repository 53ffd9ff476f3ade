import type { LifecycleEvent } from '../metadata/options.js';
import { factory } from '../metadata/decorator-factory.js';
import { stageMethod } from './context.js';
import type { MethodDecoration } from './signatures.js';

/** Runs before the record is created, in the flush; what it changes is written. */
export const BeforeCreate = lifecycle('BeforeCreate', 'beforeCreate');
/** Runs once the transaction that created the record has ended. */
export const AfterCreate = lifecycle('AfterCreate', 'afterCreate');
/** Runs before changes are written, in the flush; what it changes is written too. */
export const BeforeUpdate = lifecycle('BeforeUpdate', 'beforeUpdate');
/** Runs once the transaction that updated the record has ended. */
export const AfterUpdate = lifecycle('AfterUpdate', 'afterUpdate');
/** Runs before the record is deleted, in the flush. */
export const BeforeDelete = lifecycle('BeforeDelete', 'beforeDelete');
/** Runs once the transaction that deleted the record has ended. */
export const AfterDelete = lifecycle('AfterDelete', 'afterDelete');
/** Runs before the record is created or updated. */
export const BeforeSave = lifecycle('BeforeSave', 'beforeSave');
/** Runs once the transaction that created or updated the record has ended. */
export const AfterSave = lifecycle('AfterSave', 'afterSave');
/** Runs when the entity has been read. */
export const OnLoad = lifecycle('OnLoad', 'onLoad');

/**
 * A method of the entity that runs at an event; it may be async. One that throws before the request vetoes the flush.
 *
 * ```ts
 * @BeforeSave() slugify() { this.slug = slug(this.title); }
 * ```
 */
function lifecycle(decorator: string, event: LifecycleEvent): () => MethodDecoration {
  return factory(
    `${decorator}()`,
    () =>
      (...args: readonly unknown[]) =>
        stageMethod(args, decorator, (staged, method) => staged.hooks.push({ event, method })),
  );
}
