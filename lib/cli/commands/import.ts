import { Option, type Command } from 'commander';
import { createReadStream, existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import pc from 'picocolors';
import type { DumpFormat, ImportOptions, ImportReport } from '../../data/index.js';
import { ValidationError } from '../../errors/index.js';
import { ormCommand, type CommandContext, type CommonFlags } from '../command.js';
import { counted } from '../counted.js';
import { Interruption } from '../interruption.js';
import { Progress } from '../progress.js';
import { renderTable } from '../table.js';
import { formatOf, formatOption, tablesOption } from './export.js';

interface ImportFlags extends CommonFlags {
  readonly format?: DumpFormat;
  readonly tables?: readonly string[];
  readonly table?: string;
  readonly restart?: boolean;
  readonly replace?: boolean;
}

/** `reverie import`: a dump, into the database that the configuration names. */
export function importCommand(): Command {
  return ormCommand<ImportFlags>('import', 'read a dump into the database', importData, (command) =>
    command
      .argument('<file>', 'a dump, - for stdin; one that was interrupted is gone on with')
      .addOption(formatOption())
      .addOption(tablesOption('only these tables, separated by commas'))
      .addOption(new Option('--table <name>', 'for lines of plain JSON: the table of their records'))
      .option('--replace', 'remove tables that the dump brings and that have records')
      .option('--restart', 'begin anew where an earlier import was interrupted'),
  );
}

async function importData(context: CommandContext<ImportFlags>, file = '-'): Promise<void> {
  const { flags, output } = context;
  const bytes = sizeOf(file);
  if (flags.replace === true && flags.dryRun !== true)
    await context.confirm('Tables of the dump that have records are removed with them. Go on?');
  const orm = await context.orm({ entities: false });
  const { table, tables, restart = false, replace = false, dryRun = false } = flags;
  const format = flags.format ?? (table === undefined ? formatOf(file) : 'jsonl');
  const reading = new Reading(context, file, bytes);
  const options: ImportOptions = {
    format,
    restart,
    replace,
    dryRun,
    ...(table !== undefined && { table }),
    ...(tables !== undefined && { tables }),
    onProgress: (progress) => reading.progress(progress),
  };
  const report = await orm.import(reading, options).finally(() => reading.stop());
  output.result(report, () => shown(report, dryRun));
}

/** The bytes of a dump, with word of how many were read and a way to stop between them. */
class Reading implements AsyncIterable<Uint8Array> {
  readonly #file: string;
  readonly #progress: Progress;
  readonly #interruption: Interruption;
  #bytes = 0;
  #records = 0;

  constructor({ output }: CommandContext<ImportFlags>, file: string, total: number | undefined) {
    this.#file = file;
    this.#interruption = new Interruption(output);
    const text = (): string => counted(this.#records, 'record');
    this.#progress = new Progress(output, { total, text });
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    const stream = this.#file === '-' ? process.stdin : createReadStream(resolve(this.#file));
    for await (const part of stream as AsyncIterable<Buffer>) {
      yield part;
      this.#bytes += part.length;
    }
  }

  progress({ records }: { readonly records: number }): void {
    this.#records = records;
    this.#progress.update(this.#bytes);
    this.#interruption.check(
      () =>
        `after ${counted(records, 'record')}, which are there. Run it again with the same dump and it goes on from here.`,
    );
  }

  stop(): void {
    this.#progress.stop();
    this.#interruption.done();
  }
}

/** @throws ValidationError for a file that is not there */
function sizeOf(file: string): number | undefined {
  if (file === '-') return undefined;
  const path = resolve(file);
  if (existsSync(path)) return statSync(path).size;
  throw new ValidationError({ what: `There is no file ${path}`, fix: 'name a dump, or - for stdin' });
}

function shown({ tables, records, definitions, resumed }: ImportReport, dryRun: boolean): string {
  const rows = Object.entries(tables).map(([name, count]) => [name || '(not named)', count.toLocaleString('en')]);
  const earlier = resumed > 0 ? `, ${resumed.toLocaleString('en')} of them by an earlier run` : '';
  const all = `${counted(records, 'record')} and ${counted(definitions, 'definition')}`;
  const last = dryRun ? `${all} would be imported.` : `${pc.green('✓')} ${all} imported${earlier}.`;
  return rows.length === 0 ? last : `${renderTable(['table', 'records'], rows, { flexible: 0 })}\n${last}`;
}
