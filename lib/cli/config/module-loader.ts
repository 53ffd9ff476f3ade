import { join } from 'node:path';
import { createJiti } from 'jiti';
import { transformOptions } from '../../config/field-decorators.js';
import * as reverie from '../../index.js';
import * as migrations from '../../migrations/index.js';

/** Loads a module and answers with what it exports. */
export type LoadModule = (file: string) => Promise<Readonly<Record<string, unknown>>>;

/**
 * Loads TypeScript and JavaScript of either module system without a build, decorators included: the types of properties are
 * told to them as `emitDecoratorMetadata` does. One loader for the configuration, its entities and its migrations, so that a
 * class is the same object in all of them; `reverie-orm` is the copy that runs the command.
 */
export function moduleLoader(root: string): LoadModule {
  const jiti = createJiti(join(root, 'reverie.config'), {
    interopDefault: false,
    fsCache: false,
    tsconfigPaths: true,
    virtualModules: { 'reverie-orm': reverie, 'reverie-orm/migrations': migrations },
    transformOptions,
  });
  return async (file) => (await jiti.import(file)) as Readonly<Record<string, unknown>>;
}
