import { ValidationError } from '../../errors/index.js';
import type { EntityClass } from '../../metadata/entity-metadata.js';

/** A verb that begins a builder, and what is meant by whoever gives it more than the class. */
const MEANT = {
  select: (name: string) => [`em.find(${name}, where, options)`, `em.select(${name}).where({ … }).list()`],
  update: (name: string) => [
    `em.updateWhere(${name}, where, changes)`,
    `em.update(${name}).set({ … }).where({ … }).execute()`,
  ],
  delete: (name: string) => [`em.deleteWhere(${name}, where)`, `em.delete(${name}).where({ … }).execute()`],
} as const;

/**
 * Plain JavaScript may call `em.delete(Book, { id })`, as other ORMs have it: the condition would be lost.
 *
 * @throws ValidationError for anything beside the class
 */
export function refuseIgnored(verb: keyof typeof MEANT, entity: EntityClass, ignored: readonly unknown[]): void {
  if (ignored.length === 0) return;
  const what = `em.${verb}(${entity.name}, …) takes nothing but the class`;
  throw new ValidationError({
    what,
    why: 'it begins a query that is built step by step, and what stands beside the class would be ignored',
    fix: MEANT[verb](entity.name),
    errors: [{ path: entity.name, message: what, rule: 'option' }],
  });
}
