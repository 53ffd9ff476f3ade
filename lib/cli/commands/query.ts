import type { Command } from 'commander';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { text as readAll } from 'node:stream/consumers';
import { firstError } from '../../driver/error-classifier.js';
import { accessOf } from '../../driver/statement-access.js';
import { scriptValues } from '../../driver/statement-results.js';
import { ValidationError } from '../../errors/index.js';
import { ormCommand, type CommandContext, type CommonFlags } from '../command.js';
import { showResult } from '../query/show-result.js';
import { QuerySession } from '../query/session.js';
import { runShell } from '../query/shell.js';

type QueryFlags = CommonFlags & { readonly file?: string };

/** `reverie query`: SurrealQL from the command line, a file, stdin or a session on the terminal; answers as tables. */
export function queryCommand(): Command {
  return ormCommand<QueryFlags>('query', 'run SurrealQL and show what each statement answers', query, (command) =>
    command
      .argument('[surrealql]', 'one or more statements; without: stdin, or a session on a terminal')
      .option('-f, --file <file>', 'the statements of a file'),
  );
}

async function query(context: CommandContext<QueryFlags>, given?: string): Promise<void> {
  const { output, flags } = context;
  const orm = () => context.orm({ entities: false });
  if (given === undefined && flags.file === undefined && process.stdin.isTTY === true && !output.json) {
    return runShell(new QuerySession(await orm()), output);
  }
  const text = await statements(given, flags.file);
  if (text.trim() === '') throw nothingToRun();
  if (flags.dryRun === true) return output.result({ statements: text }, () => text.trimEnd());
  const request = { text, bindings: {}, access: accessOf(text), purpose: 'raw' } as const;
  const results = await (await orm()).driver.execute(request);
  const failure = firstError(results, request);
  const answers = scriptValues(text, failure === undefined ? results : results.filter(({ ok }) => ok));
  const shown = () => answers.map((answer) => showResult(answer)).join('\n');
  // What the others have answered has happened; as JSON there is one document, and that is the error's.
  if (failure === undefined || !output.json) output.result(answers, shown);
  if (failure !== undefined) throw failure;
}

function statements(given: string | undefined, file: string | undefined): Promise<string> {
  if (given !== undefined && given !== '-') return Promise.resolve(given);
  return file === undefined || file === '-' ? readAll(process.stdin) : readScript(resolve(file));
}

async function readScript(file: string): Promise<string> {
  if (existsSync(file)) return readFile(file, 'utf8');
  throw new ValidationError({ what: `There is no file ${file}`, fix: 'name a script of SurrealQL, or - for stdin' });
}

function nothingToRun(): ValidationError {
  return new ValidationError({
    what: 'There is no statement to run',
    fix: [
      'say it: reverie query "SELECT * FROM user"',
      'or a file: --file script.surql',
      'or begin a session on a terminal: reverie query',
    ],
  });
}
