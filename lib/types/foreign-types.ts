import { nearestWord } from './nearest-word.js';

/** What TypeScript, SQL and other ORMs call a type, and what SurrealQL does. */
const ELSEWHERE: ReadonlyMap<string, string> = new Map(
  Object.entries({
    string: ['text', 'varchar', 'char', 'str', 'character varying'],
    int: ['integer', 'bigint', 'smallint', 'tinyint', 'long'],
    float: ['double', 'double precision', 'real'],
    decimal: ['numeric', 'money', 'bigdecimal'],
    bool: ['boolean'],
    datetime: ['date', 'timestamp', 'timestamptz', 'timestamp with time zone'],
    object: ['json', 'jsonb', 'simple-json', 'map'],
    bytes: ['blob', 'bytea', 'binary', 'buffer', 'uint8array'],
    uuid: ['guid'],
    array: ['list'],
  }).flatMap(([type, words]) => words.map((word) => [word, type] as const)),
);

/**
 * The type that somebody means by what is no SurrealQL type: known elsewhere, or misspelt; undefined when nothing is near.
 *
 * ```ts
 * meantType('integer', ['int', 'string']);   // 'int'
 * meantType('text[]', ['int', 'string']);    // 'array<string>'
 * ```
 */
export function meantType(text: string, words: readonly string[]): string | undefined {
  const elements = /^(.+)\[\]$/.exec(text)?.[1];
  if (elements !== undefined) {
    const meant = meantType(elements, words);
    return meant && `array<${meant}>`;
  }
  const word = text.toLowerCase();
  return words.find((each) => each === word) ?? ELSEWHERE.get(word) ?? nearestWord(word, words);
}
