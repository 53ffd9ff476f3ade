import type { Command } from 'commander';
import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import pc from 'picocolors';
import type { EntityManager } from '../../entity-manager/entity-manager.js';
import { ValidationError } from '../../errors/index.js';
import { ormCommand } from '../command.js';
import { counted } from '../counted.js';
import { Interruption } from '../interruption.js';
import type { Output } from '../output.js';

type Seeder = (em: EntityManager) => Promise<void> | void;

/** `reverie seed`: runs the seeders of a folder in the order of their names, each as one flush. */
export function seedCommand(): Command {
  return ormCommand(
    'seed',
    'run the seeders of the seeds folder, or those named',
    async ({ config, orm, output, flags }, ...only) => {
      const { root, load, options } = await config();
      const folder = resolve(root, options.seeds?.dir ?? 'seeds');
      const files = chosen(await seedFiles(folder), only, folder);
      if (flags.dryRun === true) return output.result(files, () => files.join('\n'));
      const { em } = await orm({ subscribers: true });
      await inOrder(files, output, (file) => runSeeder(em.fork(), () => load(join(folder, file)), file));
      return output.result(files, () => `${pc.green('✓')} ${counted(files.length, 'seeder')} run.`);
    },
    (command) => command.argument('[names...]', 'names of files, without their extension'),
  );
}

type Exports = Readonly<Record<string, unknown>>;

/** One after the other; Ctrl-C stops behind the one that runs, for what it would leave half done is not known. */
async function inOrder(files: readonly string[], output: Output, run: (file: string) => Promise<void>): Promise<void> {
  const interruption = new Interruption(output);
  try {
    for (const [at, file] of files.entries()) {
      interruption.check(() => {
        const left = files.slice(at).map((each) => each.replace(/\.\w+$/, ''));
        return `after ${at} of ${counted(files.length, 'seeder')}. Go on with: reverie seed ${left.join(' ')}`;
      });
      await run(file).catch((error: unknown) => {
        output.failed(file);
        throw error;
      });
      output.done(file);
    }
  } finally {
    interruption.done();
  }
}

async function runSeeder(em: EntityManager, load: () => Promise<Exports>, file: string): Promise<void> {
  await seederOf(await load(), file)(em);
  await em.flush();
}

async function seedFiles(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    throw new ValidationError({
      what: `There is no folder ${folder}`,
      fix: "make it, or name another in the configuration: seeds: { dir: 'seeds' }",
    });
  });
  return names.filter((name) => /\.[cm]?[jt]s$/.test(name) && !name.endsWith('.d.ts')).sort();
}

function chosen(files: readonly string[], only: readonly string[], folder: string): readonly string[] {
  if (only.length === 0) return files;
  return only.map((name) => {
    const file = files.find((each) => each.replace(/\.\w+$/, '') === name || each === name);
    if (file !== undefined) return file;
    throw new ValidationError({
      what: `There is no seeder ${name} in ${folder}`,
      why: `there are ${files.join(', ') || 'none'}`,
    });
  });
}

/** A function, or an object or class with `run(em)`, as the default export. */
function seederOf(exported: Exports, file: string): Seeder {
  const given = exported['default'] as
    (Seeder & { readonly prototype?: { run?: Seeder } }) | { run?: Seeder } | undefined;
  if (typeof given === 'function') {
    if (typeof given.prototype?.run !== 'function') return given;
    const instance = new (given as unknown as new () => { run: Seeder })();
    return (em) => instance.run(em);
  }
  if (typeof given?.run === 'function') return (em) => given.run?.(em);
  throw new ValidationError({
    what: `${file} exports no seeder`,
    fix: 'export default async (em) => { em.create(User, { … }); }',
  });
}
