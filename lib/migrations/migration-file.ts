import { ValidationError } from '../errors/index.js';

/** The languages of migration files, the ones that run as they are first. */
export const EXTENSIONS = Object.freeze(['surql', 'ts', 'mts', 'cts', 'js', 'mjs', 'cjs'] as const);
export type Extension = (typeof EXTENSIONS)[number];

/** A file of the migrations folder. */
export interface MigrationFile {
  /** The file's name without its extension: what the history knows it by. */
  readonly name: string;
  readonly extension: Extension;
  readonly path: string;
  readonly source: string;
  /** Of the source, with any line ends. */
  readonly checksum: string;
}

/** The parts of a `.surql` migration. */
export interface SurqlScript {
  readonly up: string;
  readonly down: string | undefined;
  readonly transaction: boolean;
  /** Migrations whose place this one takes. */
  readonly squashes: readonly string[];
}

const MARK = /^\s*--\s*(up|down)\s*$/i;
const TRANSACTION = /^\s*--\s*transaction:\s*(true|false)\s*$/im;
const SQUASHES = /^\s*--\s*squashes:\s*(\S+)\s*$/gim;

/**
 * Reads a `.surql` migration: what stands below `-- up` (or before any mark) goes up, what stands below `-- down` goes down.
 *
 * ```sql
 * -- up
 * DEFINE FIELD slug ON TABLE post TYPE option<string>;
 * -- down
 * REMOVE FIELD slug ON TABLE post;
 * ```
 */
export function readScript(source: string): SurqlScript {
  const parts: Record<'up' | 'down', string[]> = { up: [], down: [] };
  let part: 'up' | 'down' = 'up';
  let hasDown = false;
  for (const line of source.split('\n')) {
    const mark = MARK.exec(line)?.[1]?.toLowerCase();
    if (mark === undefined) parts[part].push(line);
    else part = mark as 'up' | 'down';
    hasDown ||= mark === 'down';
  }
  return Object.freeze({
    up: parts.up.join('\n'),
    down: hasDown ? parts.down.join('\n') : undefined,
    transaction: TRANSACTION.exec(source)?.[1]?.toLowerCase() !== 'false',
    squashes: Object.freeze([...source.matchAll(SQUASHES)].map((match) => match[1] as string)),
  });
}

/**
 * `20261128093000_add_slug`: names sort by the time at which they were made.
 *
 * @throws ValidationError for a name without a letter or digit
 */
export function newName(given: string, now: Date, after: string | undefined): string {
  const word = given
    .trim()
    .replace(/[^\p{L}\p{N}]+/gu, '_')
    .replace(/^_+|_+$/g, '')
    .toLowerCase();
  if (word === '') {
    throw new ValidationError({
      what: `${JSON.stringify(given)} is no name for a migration`,
      fix: "say what it does: migrator.create({ name: 'add slug to posts' })",
    });
  }
  const stamp = stampOf(now);
  // Two that are made within one second keep their order.
  const last = /^(\d{14})_/.exec(after ?? '')?.[1];
  return `${last === undefined || last < stamp ? stamp : String(BigInt(last) + 1n)}_${word}`;
}

function stampOf(date: Date): string {
  return date.toISOString().slice(0, 19).replace(/\D/g, '');
}
