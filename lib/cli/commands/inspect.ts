import type { Command } from 'commander';
import { relative, resolve } from 'node:path';
import pc from 'picocolors';
import { ormCommand, type CommandContext, type CommonFlags } from '../command.js';
import { counted } from '../counted.js';
import { mergeInto, overwritten, writeAll, type Introspection } from '../inspect/merge.js';
import type { MergeReport } from '../inspect/merge-report.js';
import { extensionIn } from '../inspect/code-folder.js';
import { filesOf, NO_CODE } from '../../schema/index.js';

interface InspectFlags extends CommonFlags {
  readonly out?: string;
  readonly force?: boolean;
}

/** `reverie inspect`: entity classes of what is in a database; classes that are there get what is new. */
export function inspectCommand(): Command {
  return ormCommand<InspectFlags>(
    'inspect',
    'write entity classes from a database, or add what is new to those that are there',
    inspect,
    (command) =>
      command
        .option('-o, --out <folder>', 'into a folder instead of stdout; what is written there by hand stays')
        .option('--force', 'write all files anew, over what is there'),
  );
}

async function inspect({ orm, output, flags, confirm }: CommandContext<InspectFlags>): Promise<void> {
  const { schema } = await orm({ entities: false });
  const introspect: Introspection = (code) => schema.introspectParts(code);
  if (flags.out === undefined) {
    const parts = await introspect({ ...NO_CODE, extension: extensionIn(process.cwd(), []) });
    const { remainder } = parts;
    const files = filesOf(parts);
    output.result({ files, remainder }, () => files.map(({ name, source }) => `// ${name}\n${source}`).join('\n'));
    for (const each of remainder) output.warn(`no decorator says: ${each}`);
    return;
  }
  const folder = resolve(flags.out);
  const options = { folder, introspect, dryRun: flags.dryRun === true };
  if (flags.force === true && !options.dryRun) {
    const there = await overwritten(options);
    if (there.length > 0) await confirm(`Overwrite ${there.join(', ')}?`);
  }
  const report = await (flags.force === true ? writeAll(options) : mergeInto(options));
  output.result(report, () => shown(report, folder, options.dryRun));
  for (const each of report.removed) output.warn(`no longer in the database: ${each}`);
  for (const each of report.changed) output.warn(each);
  for (const each of report.notes) output.warn(each);
  for (const each of report.remainder) output.warn(`no decorator says: ${each}`);
}

function shown({ written, merged, kept }: MergeReport, folder: string, isDry: boolean): string {
  const changed = written.length + merged.length;
  return [
    ...written.map((name) => `${pc.green('+')} ${relative(process.cwd(), resolve(folder, name))}`),
    ...merged.map(({ file, added }) => `${pc.yellow('~')} ${file}: ${added.join(', ')}`),
    ...kept.map((file) => pc.dim(`= ${file}`)),
    isDry
      ? `${counted(changed, 'file')} would be written.`
      : changed === 0
        ? 'Nothing new.'
        : `${counted(changed, 'file')} written.`,
  ].join('\n');
}
