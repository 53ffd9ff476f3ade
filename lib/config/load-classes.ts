import { MetadataError } from '../errors/index.js';
import type { StagedClass } from '../metadata/staged.js';
import { stagedOf } from '../metadata/staging.js';

/** Behind a name, so that bundles for browsers, which have no files to find, leave it out. */
const GLOBBER: string = 'tinyglobby';

type ModuleExports = Readonly<Record<string, unknown>>;

/** Where globs count from, and how a file is loaded. */
export interface ClassSource {
  readonly root?: string;
  readonly load: (file: string) => Promise<ModuleExports>;
}

/**
 * Classes as they are given, and those that the files behind a glob export. TypeScript files load where the runtime can
 * (ts-node, tsx, Jest, Bun, Deno); an application that is compiled names its `.js` files.
 *
 * @throws MetadataError for a glob that finds no file, and for files without a decorated class
 */
export async function loadClasses<C extends object>(
  given: readonly (C | string)[],
  what: 'entities' | 'subscribers',
  source: ClassSource = { load: loadModule },
): Promise<C[]> {
  const globs = given.filter((each): each is string => typeof each === 'string');
  const classes = given.filter((each): each is C => typeof each !== 'string');
  for (const pattern of globs) classes.push(...((await classesBehind(pattern, what, source)) as C[]));
  return [...new Set(classes)];
}

async function classesBehind(
  pattern: string,
  what: 'entities' | 'subscribers',
  { root, load }: ClassSource,
): Promise<object[]> {
  const { glob } = (await import(GLOBBER)) as typeof import('tinyglobby');
  const ignore = ['**/node_modules/**', '**/*.d.ts'];
  const files = await glob(pattern, { absolute: true, ignore, ...(root !== undefined && { cwd: root }) });
  if (files.length === 0) throw nothingFound(what, pattern, 'no file matches it');
  const found: object[] = [];
  for (const file of files.sort()) found.push(...exportedClasses(await load(file), what));
  if (found.length === 0)
    throw nothingFound(what, pattern, `none of its ${files.length} files exports a decorated class`);
  return found;
}

/** Loads a file with what the runtime itself can. */
export async function loadModule(file: string): Promise<ModuleExports> {
  const location = process.getBuiltinModule('node:url').pathToFileURL(file).href;
  // In the CommonJS build `import` is `require`, which takes paths and not URLs.
  return (await import(typeof require === 'function' ? file : location)) as ModuleExports;
}

function exportedClasses(exported: ModuleExports, what: 'entities' | 'subscribers'): object[] {
  return Object.values(exported).filter((each): each is object => {
    const staged = typeof each === 'function' ? stagedOf(each) : undefined;
    if (staged === undefined) return false;
    return what === 'subscribers'
      ? staged.subscriber !== undefined
      : staged.table !== undefined || staged.view !== undefined || carriesAnalyzers(staged);
  });
}

/** A class for analyzers alone; a base class may carry some beside its fields, and is no entity. */
function carriesAnalyzers({ analyzers, declarations }: StagedClass): boolean {
  return analyzers.length > 0 && declarations.length === 0;
}

function nothingFound(what: string, pattern: string, why: string): MetadataError {
  return new MetadataError({
    what: `The glob ${JSON.stringify(pattern)} of \`${what}\` finds nothing`,
    why,
    fix: [
      'globs count from the working directory',
      'a compiled application names its .js files',
      `or list the classes: ${what}: [User, …]`,
    ],
  });
}
