import { readFile } from 'node:fs/promises';
import { dirname, extname } from 'node:path';
import type { ReverieOptions } from '../../config/reverie-options.js';
import { loadClasses } from '../../config/load-classes.js';
import { ReverieError, ValidationError } from '../../errors/index.js';
import { isPlain } from '../../values/index.js';
import { findConfig } from './find-config.js';
import { moduleLoader, type LoadModule } from './module-loader.js';
import { withFlags, type ConnectionFlags } from './connection-flags.js';

/** A configuration with its classes loaded. */
export interface LoadedConfig {
  /** Undefined where flags and environment say everything. */
  readonly file: string | undefined;
  /** What its globs and folders are relative to. */
  readonly root: string;
  readonly options: ReverieOptions;
  readonly load: LoadModule;
}

/**
 * Reads the configuration, TypeScript included, and, with `classes`, loads what its globs name.
 *
 * @throws ValidationError when there is none, or when it exports no options
 */
export async function loadConfig(
  named: string | undefined,
  flags: ConnectionFlags,
  { classes }: { readonly classes: boolean },
): Promise<LoadedConfig> {
  const file = findConfig(named);
  const root = file === undefined ? process.cwd() : dirname(file);
  const load = moduleLoader(root);
  const given = file === undefined ? {} : await optionsIn(file, load);
  const options = withFlags(given, flags);
  if (options.url === undefined) throw nowhere(file);
  const from = { root, load };
  return {
    file,
    root,
    load,
    options: {
      ...options,
      url: options.url,
      entities: classes ? await loadClasses(options.entities ?? [], 'entities', from) : [],
      subscribers: classes ? await loadClasses(options.subscribers ?? [], 'subscribers', from) : [],
    },
  };
}

async function optionsIn(file: string, load: LoadModule): Promise<Partial<ReverieOptions>> {
  const exported = extname(file) === '.json' ? await readJson(file) : defaultOf(await loaded(file, load));
  if (exported === undefined) throw noDefault(file);
  const options: unknown = typeof exported === 'function' ? await (exported as () => unknown)() : exported;
  if (isObject(options)) return options as Partial<ReverieOptions>;
  throw new ValidationError({
    what: `${file} exports no options`,
    why: `its default export is ${options === null ? 'null' : typeof options}`,
    fix: "export default defineConfig({ url: 'ws://127.0.0.1:8000', entities: ['src/**/*.entity.ts'] })",
  });
}

async function loaded(file: string, load: LoadModule): Promise<Readonly<Record<string, unknown>>> {
  try {
    return await load(file);
  } catch (error) {
    if (ReverieError.is(error)) throw error;
    throw new ValidationError({
      what: `${file} could not be loaded`,
      why: error instanceof Error ? error.message.trim() : String(error),
      fix: 'correct it there; --verbose shows where the error came from',
      cause: error,
    });
  }
}

/** `export default`, also as CommonJS and as a CommonJS module seen from ESM. */
function defaultOf(exported: Readonly<Record<string, unknown>>): unknown {
  if (isModule(exported) && !('default' in exported)) return undefined;
  const first = 'default' in exported ? exported['default'] : exported;
  return isObject(first) && 'default' in first && !('url' in first) ? first['default'] : first;
}

/** One with `export` in it; what CommonJS exports is the options themselves. */
function isModule(exported: object): boolean {
  return '__esModule' in exported || Object.prototype.toString.call(exported) === '[object Module]';
}

function noDefault(file: string): ValidationError {
  return new ValidationError({
    what: `${file} exports no options`,
    why: 'it has no default export',
    fix: "export default defineConfig({ url: 'ws://127.0.0.1:8000', entities: ['src/**/*.entity.ts'] })",
  });
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && isPlain(value);
}

async function readJson(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8');
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ValidationError({ what: `${file} is no JSON`, why: (error as Error).message, cause: error });
  }
}

function nowhere(file: string | undefined): ValidationError {
  return new ValidationError({
    what:
      file === undefined ? 'It is not said which database is meant' : `${file} does not say which database is meant`,
    fix: [
      'make a configuration: reverie init',
      'or name it: --url ws://127.0.0.1:8000 --namespace app --database app',
      'or set SURREAL_URL, SURREAL_NAMESPACE, SURREAL_DATABASE, SURREAL_USER and SURREAL_PASS',
    ],
  });
}
