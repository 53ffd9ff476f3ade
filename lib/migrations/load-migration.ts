import { transformOptions } from '../config/field-decorators.js';
import { loadModule } from '../config/load-classes.js';
import { MigrationError } from '../errors/index.js';
import type { Migration } from './migration.js';
import { readScript, type MigrationFile, type SurqlScript } from './migration-file.js';

/** Loads a module and answers with what it exports. */
export type LoadModule = (file: string) => Promise<Readonly<Record<string, unknown>>>;

/** A migration, ready to be run. */
export type LoadedMigration =
  | { readonly kind: 'script'; readonly file: MigrationFile; readonly script: SurqlScript }
  | { readonly kind: 'module'; readonly file: MigrationFile; readonly migration: Migration };

/**
 * Reads a migration of either kind.
 *
 * @throws MigrationError for a module that exports none
 */
export async function loadMigration(file: MigrationFile, load: LoadModule): Promise<LoadedMigration> {
  if (file.extension === 'surql') return Object.freeze({ kind: 'script', file, script: readScript(file.source) });
  const exported = await load(file.path);
  const migration = [
    exported['default'],
    (exported['default'] as typeof exported | undefined)?.['default'],
    exported,
  ].find(isMigration);
  if (migration !== undefined) return Object.freeze({ kind: 'module', file, migration });
  throw new MigrationError({
    what: `${file.path} exports no migration`,
    why: 'its default export has no method `up`',
    fix: 'export default { async up(m) { … }, async down(m) { … } }',
    migrations: [file.name],
  });
}

export function canGoDown(loaded: LoadedMigration): boolean {
  return loaded.kind === 'script' ? loaded.script.down !== undefined : loaded.migration.down !== undefined;
}

function isMigration(value: unknown): value is Migration {
  return typeof value === 'object' && value !== null && typeof (value as Partial<Migration>).up === 'function';
}

/** Behind a name, so that bundles for browsers leave it out. */
const COMPILER: string = 'jiti';

/** What the runtime itself can load; TypeScript that it cannot is compiled on the way. */
export const loadAny: LoadModule = async (file) => {
  if (!/\.[cm]?ts$/.test(file)) return loadModule(file);
  try {
    return await loadModule(file);
  } catch (error) {
    if (!isForeign(error)) throw error;
    const { createJiti } = (await import(COMPILER)) as typeof import('jiti');
    const compiler = createJiti(file, { interopDefault: false, fsCache: false, transformOptions });
    return (await compiler.import(file)) as Awaited<ReturnType<LoadModule>>;
  }
};

/** Whether a runtime says that it does not know the language. */
function isForeign(error: unknown): boolean {
  const { name, code } = error as { readonly name?: string; readonly code?: string };
  return name === 'SyntaxError' || code === 'ERR_UNKNOWN_FILE_EXTENSION' || code === 'ERR_REQUIRE_ESM';
}
