import { resolve } from 'node:path';
import { Migrator } from '../migrations/index.js';
import type { Reverie } from '../orm.js';
import type { CommandContext } from './command.js';

/** The migrator of the configuration: its folder counts from the configuration, its files load as the entities did. */
export async function openMigrator(context: CommandContext, opened?: Reverie): Promise<Migrator> {
  const { root, load, options } = await context.config();
  const orm = opened ?? (await context.orm({ subscribers: true }));
  const { dir = 'migrations', ...rest } = options.migrations ?? {};
  return new Migrator({
    driver: orm.driver,
    schema: orm.schema,
    em: () => orm.em.fork(),
    load,
    options: { ...rest, dir: resolve(root, dir) },
  });
}
