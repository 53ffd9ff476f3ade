import type { Command } from 'commander';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { ormCommand, type CommonFlags } from '../command.js';
import { EXIT } from '../exit-codes.js';

const CONFIG = `import { defineConfig } from 'reverie-orm';

export default defineConfig({
  url: process.env['SURREAL_URL'] ?? 'ws://127.0.0.1:8000',
  namespace: 'app',
  database: 'app',
  auth: { username: process.env['SURREAL_USER'] ?? 'root', password: process.env['SURREAL_PASS'] ?? 'root' },
  entities: ['src/**/*.entity.ts'],
  migrations: { dir: 'migrations' },
  seeds: { dir: 'seeds' },
});
`;

const ENTITY = `import { CreatedAt, Field, Id, type RecordId, Table } from 'reverie-orm';

@Table({ name: 'note' })
export class Note {
  @Id() id!: RecordId<'note'>;
  @Field('string') title!: string;
  @Field('option<string>') body?: string;
  @CreatedAt() readonly createdAt!: Date;
}
`;

/** `reverie init`: a configuration and a first entity. What is there stays. */
export function initCommand(): Command {
  return ormCommand<CommonFlags & { readonly force?: boolean }>(
    'init',
    'make ormconfig.ts and a first entity in a folder',
    async ({ flags, output }, folder = '.') => {
      const files = [
        [join(folder, 'ormconfig.ts'), CONFIG],
        [join(folder, 'src', 'note.entity.ts'), ENTITY],
      ] as const;
      const made: string[] = [];
      const kept: string[] = [];
      for (const [file, text] of files) {
        const shown = relative(process.cwd(), file);
        if (existsSync(file)) kept.push(shown);
        else if (flags.dryRun === true) made.push(shown);
        else made.push(await write(file, text, shown));
      }
      const lines = [...made.map((file) => `+ ${file}`), ...kept.map((file) => `= ${file} (kept)`)];
      output.result({ made, kept }, () => [...lines, '', 'Next: reverie schema:plan'].join('\n'));
      return EXIT.ok;
    },
    (command) => command.argument('[folder]', 'where', '.'),
  );
}

async function write(file: string, text: string, shown: string): Promise<string> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text, { flag: 'wx' });
  return shown;
}
