import { QueryError, ReverieError } from '../errors/index.js';
import { escapeIdentifier, qualifiedName } from '../surrealql/identifiers.js';
import type { DatabaseObjectNode } from '../surrealql/nodes/definitions.js';
import { randomKey } from '../values/generators.js';

/** Names that nothing else has, for one request: a fresh prefix, the rest by order of asking. */
export class ScratchNames {
  readonly #prefix = `reverie_scratch_${randomKey()}`;
  readonly #names = new Map<string, { readonly made: string; readonly shown: string }>();

  table(name: string): string {
    return this.#of(`table ${name}`, name);
  }

  analyzer(name: string): string {
    return this.#of(`analyzer ${name}`, name);
  }

  access(name: string): string {
    return this.#of(`access ${name}`, name);
  }

  /** A function, a parameter or a sequence; a function may have a family. */
  object(key: string, { kind, name }: DatabaseObjectNode): string {
    return this.#of(key, name, kind === 'DefineFunction' ? qualifiedName(name) : escapeIdentifier(name));
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

  #of(key: string, name: string, shown = escapeIdentifier(name)): string {
    const known = this.#names.get(key);
    if (known !== undefined) return known.made;
    const made = `${this.#prefix}_${this.#names.size}_`;
    this.#names.set(key, { made, shown });
    return made;
  }

  #restoreText(text: string): string {
    return [...this.#names.values()].reduce((left, { made, shown }) => left.replaceAll(made, shown), text);
  }
}

/** By what a function, a parameter or a sequence is known. */
export const scratchKey = ({ kind, name }: DatabaseObjectNode): string => `${kind} ${name}`;

/** A parse error tells a line only: `--> [6:89]`. Each statement is printed on one of its own. */
function lineOf(text: string, message: string): string | undefined {
  const line = /--> \[(\d+):\d+\]/.exec(message)?.[1];
  return line === undefined ? undefined : text.split('\n')[Number(line) - 1]?.replace(/;$/, '');
}
