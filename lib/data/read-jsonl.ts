import { ImportError, ReverieError } from '../errors/index.js';
import { isPlain, RecordId, type RecordKey } from '../values/index.js';
import type { DumpUnit, RecordUnit, StatementUnit } from './dump-unit.js';
import { readSurql } from './read-surql.js';
import { fromTypedJson } from './typed-json.js';

type Members = Readonly<Record<string, unknown>>;

/**
 * Reads a dump of a record a line, or, with a table named, plain records of that table: whatever has an object in each line.
 */
export async function* readJsonl(texts: AsyncIterable<string>, plain?: string): AsyncGenerator<DumpUnit> {
  let section = plain === undefined ? undefined : { table: plain, isEdge: false };
  let line = 0;
  for await (const text of lines(texts)) {
    line += 1;
    if (text.trim() === '') continue;
    const json = parsed(text, line);
    const begun = markOf(json);
    if (typeof json['$define'] === 'string') yield await definition(json['$define'], line);
    else if (begun !== undefined) section = begun;
    else if (json['$dump'] !== undefined) checkOrigin(json['$dump'], line);
    else if (section === undefined) throw sectionless(line);
    else yield record(json, { text, line, ...section });
  }
}

async function* lines(texts: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = '';
  for await (const text of texts) {
    const parts = (rest + text).split('\n');
    rest = parts.pop() as string;
    yield* parts;
  }
  if (rest !== '') yield rest;
}

function parsed(text: string, line: number): Members {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new ImportError({ what: 'it is no JSON', why: (cause as Error).message, cause, line });
  }
  if (typeof json === 'object' && json !== null && isPlain(json)) return json as Members;
  throw new ImportError({ what: 'it holds no object', why: 'each line is a record', line });
}

function markOf(json: Members): Pick<RecordUnit, 'table' | 'isEdge'> | undefined {
  const table = json['$records'];
  return typeof table === 'string' ? { table, isEdge: json['edges'] === true } : undefined;
}

async function definition(statement: string, line: number): Promise<StatementUnit> {
  const once = (async function* () {
    yield `${statement};`;
  })();
  for await (const unit of readSurql(once)) return { ...(unit as StatementUnit), line, text: statement };
  throw new ImportError({ what: 'it defines nothing', line });
}

function checkOrigin(origin: unknown, line: number): void {
  const { version } = (origin ?? {}) as { readonly version?: unknown };
  if (version === 1) return;
  throw new ImportError({
    what: `it is a dump of version ${String(version)}`,
    why: 'this release reads version 1',
    fix: 'import it with the release that wrote it, or a later one',
    line,
  });
}

function record(json: Members, place: Omit<RecordUnit, 'kind' | 'row'>): RecordUnit {
  try {
    const row = fromTypedJson(json) as Members;
    return { kind: 'record', ...place, row: 'id' in row ? { ...row, id: idOf(row['id'], place.table) } : row };
  } catch (error) {
    if (!ReverieError.is(error)) throw error;
    const { what, why, fix } = error;
    throw new ImportError({ what, ...(why !== undefined && { why }), fix, cause: error, line: place.line });
  }
}

/** A record id, its text with the table's own name before it, or a key. */
function idOf(id: unknown, table: string): unknown {
  if (RecordId.is(id)) return id;
  if (typeof id === 'string' && id.startsWith(`${table}:`)) return RecordId.parse(id);
  return new RecordId(table, id as RecordKey);
}

function sectionless(line: number): ImportError {
  return new ImportError({
    what: 'it is not said which table its record belongs to',
    why: 'a dump of Reverie says it before the first record',
    fix: 'name the table: orm.import(source, { table }), reverie import file.jsonl --table user',
    line,
  });
}
