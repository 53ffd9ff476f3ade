import { InvalidArgumentError, Option, type Command } from 'commander';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import pc from 'picocolors';
import type { DataExport, DumpFormat, ExportOptions } from '../../data/index.js';
import { ValidationError } from '../../errors/index.js';
import type { Reverie } from '../../orm.js';
import { ormCommand, type CommandContext, type CommonFlags } from '../command.js';
import { counted } from '../counted.js';
import { Interruption } from '../interruption.js';
import { PartialFile } from '../partial-file.js';
import { Progress } from '../progress.js';
import { renderTable } from '../table.js';

interface ExportFlags extends CommonFlags {
  readonly out?: string;
  readonly format?: DumpFormat;
  readonly tables?: readonly string[];
  readonly definitions: boolean;
  readonly records: boolean;
  readonly users?: boolean;
  readonly restart?: boolean;
}

/** `reverie export`: a dump of the database, into a file or to stdout. */
export function exportCommand(): Command {
  return ormCommand<ExportFlags>('export', 'write a dump of the database', exportData, (command) =>
    command
      .option('-o, --out <file>', 'into a file instead of stdout; one that was interrupted is gone on with')
      .addOption(formatOption())
      .addOption(tablesOption('only these tables, separated by commas'))
      .option('--no-definitions', 'the records alone')
      .option('--no-records', 'the definitions alone')
      .option('--users', 'also users, with the hashes of their passwords')
      .option('--restart', 'begin anew where an earlier export was interrupted'),
  );
}

export const formatOption = (): Option =>
  new Option('--format <format>', 'default: by the name of the file, else surql').choices(['surql', 'jsonl']);

export const tablesOption = (description: string): Option =>
  new Option('--tables <names>', description).argParser((text) => {
    const names = text.split(',').map((name) => name.trim());
    if (names.includes('')) throw new InvalidArgumentError('names, separated by commas');
    return names;
  });

/** What the name of a file says of its format. */
export const formatOf = (file: string | undefined): DumpFormat =>
  /\.(jsonl|ndjson)$/.test(file ?? '') ? 'jsonl' : 'surql';

async function exportData(context: CommandContext<ExportFlags>): Promise<void> {
  const { flags, output } = context;
  if (flags.out === undefined && output.json && flags.dryRun !== true) throw noRoom();
  const orm = await context.orm({ entities: false });
  const { format = formatOf(flags.out), tables, definitions, records, users = false } = flags;
  const options: ExportOptions = { format, definitions, records, users, ...(tables && { tables }) };
  if (flags.dryRun === true) return preview(context, orm, options);
  const work = flags.out === undefined ? toStdout(context, orm, options) : toFile(context, orm, options, flags.out);
  const dump = await work;
  for (const note of dump.notes) output.warn(note);
}

async function preview({ output }: CommandContext, orm: Reverie, options: ExportOptions): Promise<void> {
  const counts = await orm.export(options).counts();
  output.result(counts, () =>
    renderTable(
      ['table', 'records'],
      Object.entries(counts).map(([name, count]) => [name, String(count)]),
      { flexible: 0 },
    ),
  );
}

async function toFile(
  context: CommandContext<ExportFlags>,
  orm: Reverie,
  options: ExportOptions,
  out: string,
): Promise<DataExport> {
  const { output, flags } = context;
  const file = resolve(out);
  const shown = relative(process.cwd(), file);
  if (existsSync(file)) await context.confirm(`Overwrite ${shown}?`);
  const { namespace, database } = orm.driver;
  const partial = new PartialFile(file, JSON.stringify([namespace, database, options]));
  const known = flags.restart === true ? undefined : await partial.known();
  if (known !== undefined) output.info(`Going on where an earlier export stopped, after ${records(known.records)}.`);
  const before = known?.records ?? 0;
  await partial.begin(known);
  const dump = await written(
    context,
    orm,
    { ...options, ...(known && { from: known.position }) },
    before,
    (text, { position, records: done }) => partial.add(text, position, before + done),
    'Run it again and it goes on from here.',
  ).finally(() => partial.close());
  await partial.complete();
  const count = before + dump.records;
  output.result(
    { file, format: options.format, records: count, resumed: before, notes: dump.notes },
    () => `${pc.green('✓')} ${records(count)} written to ${shown}`,
  );
  return dump;
}

function toStdout(context: CommandContext<ExportFlags>, orm: Reverie, options: ExportOptions): Promise<DataExport> {
  const write = async (text: string): Promise<void> => {
    if (!process.stdout.write(text)) await once(process.stdout, 'drain');
  };
  return written(
    context,
    orm,
    options,
    0,
    write,
    'What was written is not the whole; into a file (--out) it could be gone on with.',
  );
}

/** Hands the parts of a dump on one after the other, and shows how far it came. */
async function written(
  context: CommandContext<ExportFlags>,
  orm: Reverie,
  options: ExportOptions,
  before: number,
  write: (text: string, dump: DataExport) => Promise<void>,
  left: string,
): Promise<DataExport> {
  const { output } = context;
  const interruption = new Interruption(output);
  let progress: Progress | undefined;
  // A dump that runs over the screen shows itself how far it is.
  const isSilent = context.flags.out === undefined && process.stdout.isTTY === true;
  const dump = orm.export({
    ...options,
    onProgress: ({ done, total }) => {
      progress ??= new Progress(output, { total, text: records, isSilent });
      progress.update(before + done);
    },
  });
  try {
    for await (const text of dump) {
      await write(text, dump);
      interruption.check(() => `after ${records(before + dump.records)}. ${left}`);
    }
    return dump;
  } finally {
    progress?.stop();
    interruption.done();
  }
}

const records = (count: number): string => counted(count, 'record');

function noRoom(): ValidationError {
  return new ValidationError({
    what: '--json has no room for a dump',
    why: 'stdout is one JSON document then',
    fix: ['write into a file: --out app.surql', 'or a record a line: --format jsonl, without --json'],
  });
}
