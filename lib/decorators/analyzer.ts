import type { AnalyzerOptions } from '../metadata/options.js';
import { classFactory } from '../metadata/decorator-factory.js';
import { stageClass } from './context.js';
import type { ClassDecoration } from './signatures.js';

/**
 * How full-text indexes cut and normalise text. An analyzer belongs to the database, so any entity may use it by name.
 *
 * ```ts
 * @Analyzer({ name: 'english', tokenizers: ['class'], filters: ['lowercase', 'snowball(english)'] })
 * class Post {}
 * ```
 *
 * @see https://surrealdb.com/docs/surrealql/statements/define/analyzer
 */
export const Analyzer = classFactory("Analyzer({ name: 'english' })", analyzer);
function analyzer(options: AnalyzerOptions): ClassDecoration {
  return (...args) => stageClass(args, 'Analyzer', (staged) => staged.analyzers.unshift(Object.freeze({ ...options })));
}
