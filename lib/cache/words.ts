import type { MetadataRegistry } from '../metadata/entity-metadata.js';
import type { FragmentNode } from '../surrealql/nodes/index.js';
import { isFragment } from '../surrealql/surql.js';
import { RecordId } from '../values/index.js';

/** What may read or write any table, and does not say which: functions of the user, wildcards of the graph. */
const UNTOLD = /\b(fn|mod|ml|api|silo|sequence)::|(->|<-|<->|<~)\s*\(?\s*\?/;
/** Tables whose names are made by the server: of a value that is bound or written out they are known. */
export const MADE_NAME = /\btype::(?:table|record|thing)\s*\(\s*(?!\$[pP]\d+\s*[,)]|'[^'\\]*'\s*[,)]|"[^"\\]*"\s*[,)])/;
const WORD = /[\p{L}_][\p{L}\p{N}_]*/gu;

/**
 * The names that stand somewhere in statements, values and texts. A statement reaches a table by naming it, through a column that
 * links to it, or by a record id: who knows all of its words knows all tables that it can touch.
 */
export class Words {
  readonly #registry: MetadataRegistry;
  readonly #words = new Set<string>();
  /** Tables whose names are no words, and those of record ids. */
  readonly tables = new Set<string>();
  /** Something stands there that may lead anywhere. */
  untold = false;

  constructor(registry: MetadataRegistry) {
    this.#registry = registry;
  }

  has(name: string): boolean {
    return this.#words.has(name) || this.tables.has(name);
  }

  /** Everything within a node, a value or a list of them. */
  add(given: unknown): void {
    if (typeof given === 'string') this.#addText(given);
    else if (typeof given === 'function') this.#addTable(this.#registry.find(given)?.table);
    else if (RecordId.is(given)) this.#addTable(given.table);
    else if (typeof given === 'object' && given !== null && !ArrayBuffer.isView(given)) this.#addAll(given);
  }

  #addAll(given: object): void {
    // A query that stands for a value is a fragment whose members do not show.
    if (isFragment(given)) {
      this.untold ||= makesName(given);
      return this.add([given.strings, given.values]);
    }
    if ((given as { readonly kind?: unknown }).kind === 'Graph')
      this.#addHops(given as { readonly hops: readonly Hop[] });
    for (const each of given instanceof Set ? (given as Set<unknown>) : Object.values(given)) this.add(each);
  }

  #addHops({ hops }: { readonly hops: readonly Hop[] }): void {
    if (hops.some(({ tables }) => tables.length === 0)) this.untold = true;
  }

  #addText(text: string): void {
    this.untold ||= UNTOLD.test(text);
    for (const [word] of text.matchAll(WORD)) this.#words.add(word);
    for (const { table } of this.#registry.entities) if (!isWord(table) && text.includes(table)) this.tables.add(table);
  }

  #addTable(table: string | undefined): void {
    if (table !== undefined) this.tables.add(table);
  }
}

/** A text of the user that makes the name of a table; what is bound stands among the values. */
function makesName({ strings, values }: FragmentNode): boolean {
  const places = values.map((each) => (isFragment(each) ? '()' : '$p0'));
  return MADE_NAME.test(strings.map((text, at) => text + (places[at] ?? '')).join(''));
}

interface Hop {
  readonly tables: readonly string[];
}

const isWord = (name: string): boolean => name.match(WORD)?.[0] === name;
