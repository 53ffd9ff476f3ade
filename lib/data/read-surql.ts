import { ImportError } from '../errors/index.js';
import type { DumpUnit, StatementUnit } from './dump-unit.js';
import { StatementSplitter, type SplitStatement } from './statement-splitter.js';

const NAME = '(`(?:[^`\\\\]|\\\\.)*`|⟨[^⟩]*⟩|[^\\s({\\[;]+)';
const CLAUSE = '(?:(?:OVERWRITE|IF\\s+NOT\\s+EXISTS)\\s+)?';
const TABLE = new RegExp(`^DEFINE\\s+TABLE\\s+${CLAUSE}${NAME}`, 'i');
const PART = new RegExp(`^DEFINE\\s+(?:FIELD|INDEX|EVENT)\\s+${CLAUSE}[^]*?\\sON\\s+(?:TABLE\\s+)?${NAME}`, 'i');
const INSERT = new RegExp(`^INSERT\\s+(?:RELATION\\s+)?(?:IGNORE\\s+)?(?:INTO\\s+${NAME})?`, 'i');
/** Each part of a dump is sent as a transaction of its own. */
const BRACKETS = /^(?:BEGIN|COMMIT)(?:\s+TRANSACTION)?$/i;
const LASTING = /^(LET|USE|CANCEL|SHOW|LIVE|KILL)\s/i;

/** Reads a script of definitions and INSERTs, of Reverie or of SurrealDB's own export. */
export async function* readSurql(texts: AsyncIterable<string>): AsyncGenerator<DumpUnit> {
  const splitter = new StatementSplitter();
  for await (const text of texts) yield* units(splitter.push(text));
  yield* units(splitter.end());
}

function units(statements: readonly SplitStatement[]): readonly StatementUnit[] {
  return statements.filter(({ text }) => !BRACKETS.test(text)).map(unitOf);
}

function unitOf({ text, line, objects }: SplitStatement): StatementUnit {
  refuseScript(text, line);
  const base = { kind: 'statement' as const, text, line };
  const table = TABLE.exec(text);
  if (table !== null) return { ...base, role: 'table', table: nameOf(table[1]), records: 0 };
  const part = PART.exec(text);
  if (part !== null) return { ...base, role: 'part', table: nameOf(part[1]), records: 0 };
  const insert = INSERT.exec(text);
  if (insert !== null) return { ...base, role: 'records', table: nameOf(insert[1]), records: objects };
  return { ...base, role: 'other', table: undefined, records: 0 };
}

/** What would have to last from one statement to the next. */
function refuseScript(text: string, line: number): void {
  const word = LASTING.exec(text)?.[1];
  if (word === undefined) return;
  throw new ImportError({
    what: `${word.toUpperCase()} has no place in a dump`,
    why: 'its statements are sent in parts, so that an import can go on where it was interrupted',
    fix: [
      'say where to import by the connection: --namespace, --database',
      'run a script as a whole: reverie query --file script.surql',
    ],
    line,
  });
}

function nameOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  if (!/^[`⟨]/.test(text)) return text;
  return text.slice(1, -1).replace(/\\(.)/g, '$1');
}
