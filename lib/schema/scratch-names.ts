import { QueryError, ReverieError } from '../errors/index.js';
import { escapeIdentifier } from '../surrealql/identifiers.js';
import { randomKey } from '../values/generators.js';

/** Names that nothing else has, for one request: a fresh prefix, the rest by order of asking. */
export class ScratchNames {
  readonly #prefix = `reverie_scratch_${randomKey()}`;
  readonly #names = new Map<string, { readonly made: string; readonly name: string }>();

  table(name: string): string {
    return this.#of(`table ${name}`, name);
  }

  analyzer(name: string): string {
    return this.#of(`analyzer ${name}`, name);
  }

  /** An error in the names that its reader knows, with the definition it is about. */
  restore(error: unknown, text: string): unknown {
    if (!(ReverieError.is(error) && error.code === 'QUERY')) return error;
    const { what, kind, statement = lineOf(text, what) } = error as QueryError;
    const definition = statement === undefined ? undefined : this.#restoreText(statement);
    return new QueryError({
      what: this.#restoreText(what).trimEnd(),
      why: `SurrealDB refuses what the entities ask for${definition === undefined ? '' : `, ${definition}`}`,
      fix: 'correct the decorator that says it; nothing was changed',
      cause: error,
      ...(definition !== undefined && { statement: definition }),
      ...(kind !== undefined && { kind }),
    });
  }

  #of(key: string, name: string): string {
    const known = this.#names.get(key);
    if (known !== undefined) return known.made;
    const made = `${this.#prefix}_${this.#names.size}_`;
    this.#names.set(key, { made, name });
    return made;
  }

  #restoreText(text: string): string {
    return [...this.#names.values()].reduce(
      (left, { made, name }) => left.replaceAll(made, escapeIdentifier(name)),
      text,
    );
  }
}

/** A parse error tells a line only: `--> [6:89]`. Each statement is printed on one of its own. */
function lineOf(text: string, message: string): string | undefined {
  const line = /--> \[(\d+):\d+\]/.exec(message)?.[1];
  return line === undefined ? undefined : text.split('\n')[Number(line) - 1]?.replace(/;$/, '');
}
