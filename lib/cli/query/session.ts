import pc from 'picocolors';
import type { StatementResult } from '../../driver/driver.js';
import { errorOfFault } from '../../driver/error-classifier.js';
import { splitStatements } from '../../driver/split-statements.js';
import { isConsequence } from '../../driver/fault-kind.js';
import { ReverieError } from '../../errors/index.js';
import type { Reverie } from '../../orm.js';
import { explained } from '../../query/index.js';
import { print } from '../../surrealql/printer.js';
import { info } from '../../surrealql/nodes/statements.js';
import { counted } from '../counted.js';
import { renderTable } from '../table.js';
import { showResult } from './show-result.js';

const HELP: readonly (readonly [string, string])[] = [
  ['.tables', 'the tables, with their kind'],
  ['.schema <table>', 'what a table defines'],
  ['.explain <select>', 'how the server answers it, as a tree'],
  ['.timing', 'tell, or no more tell, how long a statement took'],
  ['.help', 'this'],
  ['.quit', 'end, as Ctrl-D does'],
];

/** What may be typed into `reverie query`, and what is answered. */
export class QuerySession {
  readonly #orm: Reverie;
  #timing = true;

  constructor(orm: Reverie) {
    this.#orm = orm;
  }

  get place(): string {
    const { namespace = '', database = '' } = this.#orm.driver;
    return `${namespace}/${database}`;
  }

  /** The answer to statements, or to a line that begins with a dot. */
  async answer(text: string): Promise<string> {
    return text.startsWith('.') ? this.#command(text.replace(/;\s*$/, '').trim()) : this.#statements(text);
  }

  async #statements(text: string): Promise<string> {
    const began = performance.now();
    let results: readonly StatementResult[];
    try {
      results = await this.#orm.driver.execute({ text, bindings: {}, access: 'write', purpose: 'raw', timeout: 0 });
    } catch (error) {
      return failure(error);
    }
    const took = performance.now() - began;
    const texts = splitStatements(text);
    const shown = results.map((result, index) => {
      if (result.ok) return showResult(result.value);
      if (isConsequence(result.error)) return pc.dim('(not run)');
      const place =
        results.length > 1 && texts[index] !== undefined ? `\n  in statement ${index + 1}: ${texts[index].text}` : '';
      return failure(errorOfFault(result.error, { purpose: 'raw' })) + pc.dim(place);
    });
    return [...shown, ...(this.#timing ? [pc.dim(`${rowsOf(results)}${took.toFixed(1)} ms`)] : [])].join('\n');
  }

  async #command(line: string): Promise<string> {
    const [name, ...rest] = line.split(/\s+/) as [string, ...string[]];
    const argument = line.slice(name.length).trim();
    switch (name) {
      case '.help':
        return renderTable(['command', 'does'], HELP);
      case '.tables':
        return this.#tables();
      case '.schema':
        return argument === '' ? failure(new Error('.schema <table>')) : this.#schema(rest[0] as string);
      case '.explain':
        return argument === '' ? failure(new Error('.explain SELECT …')) : this.#explain(argument);
      case '.timing':
        this.#timing = !this.#timing;
        return pc.dim(`timing is ${this.#timing ? 'on' : 'off'}`);
      default:
        return failure(new Error(`There is no command ${name}; .help lists them`));
    }
  }

  async #tables(): Promise<string> {
    const [structure] = await this.#orm.driver.query<[{ readonly tables: readonly TableInfo[] }]>(
      print(info('database', true)).text,
    );
    const rows = structure.tables.map(({ name, kind, schemafull, view }) => [
      name,
      view ? 'view' : kind.kind.toLowerCase(),
      schemafull ? 'full' : 'less',
    ]);
    return rows.length === 0 ? pc.dim('There are no tables.') : renderTable(['table', 'kind', 'schema'], rows);
  }

  async #schema(table: string): Promise<string> {
    try {
      const [{ tables }] = await this.#orm.driver.query<[{ readonly tables: Readonly<Record<string, string>> }]>(
        print(info('database')).text,
      );
      if (!Object.hasOwn(tables, table)) return failure(new Error(`There is no table ${table}; .tables lists them`));
      const [parts] = await this.#orm.driver.query<[Readonly<Record<string, Readonly<Record<string, string>>>>]>(
        print(info({ table })).text,
      );
      const texts = ['fields', 'indexes', 'events'].flatMap((kind) => Object.values(parts[kind] ?? {}));
      return texts.length === 0
        ? pc.dim('It defines no fields, indexes or events.')
        : texts.map((text) => `${text};`).join('\n');
    } catch (error) {
      return failure(error);
    }
  }

  async #explain(select: string): Promise<string> {
    try {
      const [raw] = await this.#orm.driver.query(`${select} EXPLAIN FULL`);
      const { tree, fullScan, indexesUsed } = explained(raw);
      const verdict = fullScan
        ? pc.yellow('It reads a whole table.')
        : pc.green(indexesUsed.length > 0 ? `It uses ${indexesUsed.join(', ')}.` : 'It reads no whole table.');
      return `${branches(tree)}\n${verdict}`;
    } catch (error) {
      return failure(error);
    }
  }
}

interface TableInfo {
  readonly name: string;
  readonly kind: { readonly kind: string };
  readonly schemafull: boolean;
  readonly view?: unknown;
}

function rowsOf(results: readonly StatementResult[]): string {
  const rows = results.flatMap((result) => (result.ok && Array.isArray(result.value) ? result.value : []));
  return rows.length === 0 ? '' : `${counted(rows.length, 'row')} · `;
}

/** Each operator on a branch of the one that reads from it. */
function branches(tree: string): string {
  return tree
    .split('\n')
    .map((line) => {
      const depth = (/^ */.exec(line)?.[0].length ?? 0) / 2;
      return depth === 0 ? line : `${'   '.repeat(depth - 1)}${pc.dim('└─')} ${line.trimStart()}`;
    })
    .join('\n');
}

export function failure(error: unknown): string {
  const text = ReverieError.is(error) || error instanceof Error ? error.message : String(error);
  return `${pc.red('✗')} ${text}`;
}
