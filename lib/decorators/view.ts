import type { SurqlFragment } from '../surrealql/surql.js';
import { classFactory } from '../metadata/decorator-factory.js';
import { stageClass } from './context.js';
import type { ClassDecoration } from './signatures.js';

/** A table that the server keeps up to date from a query. */
export interface ViewOptions {
  readonly name: string;
  /** The SELECT that makes the rows. */
  readonly as: SurqlFragment<unknown>;
  readonly comment?: string;
}

/**
 * Makes a class an entity that is only read: a table that the server keeps up to date from a SELECT over others. With
 * GROUP BY the keys are lists.
 *
 * ```ts
 * @View({ name: 'stock', as: surql`SELECT count() AS n, kind FROM product GROUP BY kind` })
 * class Stock { @Id('any') id!: RecordId<'stock'>; @Field('int') n!: number; @Field('string') kind!: string; }
 * ```
 *
 * @see https://surrealdb.com/docs/surrealql/statements/define/table#pre-computed-table-views
 */
export const View = classFactory("View({ name: '…', as: surql`SELECT …` })", view);
function view({ as, ...table }: ViewOptions): ClassDecoration {
  return (...args) =>
    stageClass(args, 'View', (staged) => {
      if (staged.table !== undefined)
        staged.problems.push({ text: '@View and @Table exclude each other; keep one of them' });
      staged.table = Object.freeze(table);
      staged.view = Object.freeze({ as });
    });
}
