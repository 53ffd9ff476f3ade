import { join } from 'node:path';
import { createJiti } from 'jiti';
import * as reverie from '../../index.js';

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
    virtualModules: { 'reverie-orm': reverie },
    transformOptions: { babel: { plugins: [withoutDefinite] } },
  });
  return async (file) => (await jiti.import(file)) as Readonly<Record<string, unknown>>;
}

interface BabelFile {
  readonly path: {
    traverse(visitor: { ClassProperty(property: { readonly node: { definite?: boolean | null } }): void }): void;
  };
}

/**
 * The decorators' transform gives a decorated property a value, which the transform of TypeScript then refuses beside `!`.
 * Before either begins the mark is taken off: it says nothing at run time.
 */
function withoutDefinite(): { readonly name: string; pre(file: BabelFile): void } {
  return {
    name: 'reverie-without-definite',
    pre: ({ path }) => path.traverse({ ClassProperty: ({ node }) => void (node.definite = null) }),
  };
}
