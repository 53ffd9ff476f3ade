import { createRequire } from 'node:module';
import { join } from 'node:path';
import type ts from 'typescript';
import { ValidationError } from '../../errors/index.js';

/** TypeScript's own parser. */
export type Compiler = typeof ts;

/**
 * The TypeScript of the project: only it reads what is written by hand as the project itself does.
 *
 * @throws ValidationError where there is none
 */
export function loadCompiler(): Compiler {
  for (const from of [join(process.cwd(), 'package.json'), __filename]) {
    try {
      const found = createRequire(from)('typescript') as Partial<Compiler>;
      if (typeof found.createSourceFile === 'function') return found as Compiler;
    } catch {
      // Not there: the next place.
    }
  }
  throw new ValidationError({
    what: 'There are files to merge into, and no TypeScript to read them with',
    why: 'a class is changed where its fields stand, which takes the parser of the package `typescript` (5 or 6)',
    fix: ['npm install --save-dev typescript@5', 'or write into an empty folder, and compare', 'or overwrite: --force'],
  });
}
