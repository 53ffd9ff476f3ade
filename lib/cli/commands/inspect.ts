import type { Command } from 'commander';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import pc from 'picocolors';
import { ormCommand, type CommonFlags } from '../command.js';
import { counted } from '../counted.js';

/** `reverie inspect`: entity classes of what is in a database. Files that are there are left as they are. */
export function inspectCommand(): Command {
  return ormCommand<CommonFlags & { readonly out?: string; readonly force?: boolean }>(
    'inspect',
    'write entity classes from a database; files that are there stay unless --force',
    async ({ orm, output, flags, confirm }) => {
      const { files, remainder } = await (await orm({ entities: false })).schema.introspect();
      if (flags.out === undefined || flags.dryRun === true) {
        output.result({ files, remainder }, () => files.map(({ name, source }) => `// ${name}\n${source}`).join('\n'));
        return;
      }
      const folder = resolve(flags.out);
      const there = files.filter(({ name }) => existsSync(join(folder, name)));
      if (flags.force === true && there.length > 0) {
        await confirm(`Overwrite ${there.map(({ name }) => name).join(', ')}?`);
      }
      const written = flags.force === true ? files : files.filter((file) => !there.includes(file));
      await mkdir(folder, { recursive: true });
      for (const { name, source } of written) await writeFile(join(folder, name), source);
      for (const each of remainder) output.warn(`no decorator says: ${each}`);
      const kept = flags.force === true ? [] : there.map(({ name }) => name);
      output.result({ written: written.map(({ name }) => name), kept, remainder }, () =>
        [
          ...written.map(({ name }) => `${pc.green('+')} ${relative(process.cwd(), join(folder, name))}`),
          ...kept.map((name) => `= ${relative(process.cwd(), join(folder, name))} (kept)`),
          counted(written.length, 'file'),
        ].join('\n'),
      );
    },
    (command) =>
      command
        .option('-o, --out <folder>', 'into a folder instead of stdout')
        .option('--force', 'overwrite files that are there'),
  );
}
