/** Strings, quoted names and comments of SurrealQL, in which a word is no field. */
const QUIET = /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|--[^\n]*|\/\/[^\n]*|#[^\n]*|\/\*[^]*?\*\//g;
/** A word that is no variable, no member of something, no function and no key of an object. */
const WORD = /(?<![\w$.:])[A-Za-z_]\w*(?!\w|\s*[(:])/g;

/**
 * The fields of the record that an expression may speak of, by the names of their columns; `columnOf` tells the column of a
 * property that is named by its class. Of a text with a SELECT, whose fields are those of other records, nothing is said.
 */
export function namesIn(
  node: unknown,
  columnOf: (of: unknown, dotted: string) => string | undefined,
): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (each: unknown): void => {
    if (Array.isArray(each)) return each.forEach(visit);
    if (typeof each !== 'object' || each === null) return;
    const { kind, ...members } = each as { readonly kind?: unknown; readonly [member: string]: unknown };
    if (kind === 'Value' || kind === 'Literal') return;
    if (kind === 'Property') {
      const column = columnOf(members['of'], String(members['dotted']));
      if (column !== undefined) names.add(column);
      return;
    }
    if (kind === 'Path' && members['base'] === undefined)
      names.add(String((members['parts'] as readonly unknown[])[0]));
    if (kind === 'Fragment')
      for (const text of members['strings'] as readonly string[]) wordsOf(text).forEach((word) => names.add(word));
    Object.values(members).forEach(visit);
  };
  visit(node);
  return names;
}

function wordsOf(text: string): readonly string[] {
  const bare = text.replace(QUIET, ' ');
  if (/\bselect\b/i.test(bare)) return [];
  return [
    ...(bare.match(WORD) ?? []),
    ...[...bare.matchAll(/(?<![\w$.:])`((?:[^`\\]|\\.)+)`/g)].map(([, name]) => name as string),
  ];
}
