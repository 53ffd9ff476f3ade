import type { FilterOptions } from '../metadata/options.js';
import { classFactory } from '../metadata/decorator-factory.js';
import { stageClass } from './context.js';
import type { ClassDecoration } from './signatures.js';

/**
 * A condition that holds for every read of the class, in nested fetches and set-based writes too. Its parameters come from
 * the fork or from the read; without `default: true` it holds only where it was given some.
 *
 * ```ts
 * @Filter({ name: 'tenant', where: (params: { id: string }) => ({ tenant: params.id }), default: true })
 * @Table({ name: 'invoice' })
 * class Invoice {}
 *
 * const em = orm.em.fork({ filters: { tenant: { id: 'acme' } } });
 * await em.find(Invoice, {}, { filters: { tenant: false } });         // all tenants
 * ```
 */
export const Filter = classFactory("Filter({ name: '…', where: { … } })", filter);
function filter<P extends object = Readonly<Record<string, unknown>>>(options: FilterOptions<P>): ClassDecoration {
  // Decorators run from the class upwards; metadata keeps the order in which they are read.
  return (...args) =>
    stageClass(args, 'Filter', (staged) =>
      staged.filters.unshift(Object.freeze({ ...options }) as FilterOptions<never>),
    );
}
