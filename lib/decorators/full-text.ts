import type { IndexOptions } from '../metadata/options.js';
import { classFactory } from '../metadata/decorator-factory.js';
import { stageClass } from './context.js';
import type { ClassDecoration } from './signatures.js';

/** A full-text index on each of the fields. */
export type FullTextOptions = NonNullable<IndexOptions['fulltext']> & {
  /** With several fields each index is called by it and its field. */
  readonly name?: string;
  readonly fields: readonly string[];
  readonly comment?: string;
};

/**
 * Full-text indexes, one for each field, because the engine's hold one field.
 *
 * ```ts
 * @FullText({ fields: ['title', 'text'], analyzer: 'english', bm25: true, highlights: true })
 * class Post {}
 * ```
 *
 * @see https://surrealdb.com/docs/surrealql/statements/define/indexes#full-text-search-index
 */
export const FullText = classFactory("FullText({ fields: ['…'], analyzer: '…' })", fullText);
function fullText({ name, fields, comment, ...fulltext }: FullTextOptions = {} as FullTextOptions): ClassDecoration {
  // Without the compiler's check `fields` may be missing: an index without fields, which discovery reports.
  const each = Array.isArray(fields) && fields.length > 0 ? (fields as readonly string[]) : [undefined];
  const options = each.map((field): IndexOptions => {
    const called = name === undefined ? undefined : each.length === 1 ? name : `${name}_${field}`;
    return Object.freeze({
      fields: field === undefined ? [] : [field],
      fulltext: Object.freeze({ ...fulltext }),
      ...(called !== undefined && { name: called }),
      ...(comment !== undefined && { comment }),
    });
  });
  return (...args) => stageClass(args, 'FullText', (staged) => staged.indexes.unshift(...options));
}
