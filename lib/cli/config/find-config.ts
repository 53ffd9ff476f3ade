import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ValidationError } from '../../errors/index.js';

const NAMES = ['ts', 'mts', 'cts', 'js', 'mjs', 'cjs', 'json'].map((extension) => `ormconfig.${extension}`);

/**
 * The configuration file: the one named, or the first `ormconfig.*` of the working directory.
 *
 * @throws ValidationError for a named file that is not there
 */
export function findConfig(named: string | undefined): string | undefined {
  if (named === undefined) return NAMES.map((name) => join(process.cwd(), name)).find((file) => existsSync(file));
  const file = resolve(named);
  if (existsSync(file)) return file;
  throw new ValidationError({
    what: `There is no configuration at ${file}`,
    fix: 'name an existing file with --config, or make one: reverie init',
  });
}
