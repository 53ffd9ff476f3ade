import type { ServerFault } from './driver.js';

/** Ways out for the sentences of the server that people meet most; the sentence itself is always part of the error. */
const FIXES: readonly (readonly [pattern: RegExp, ways: readonly string[]])[] = [
  [
    /^Parse error/,
    ['correct the statement where the arrow points', 'bind values as parameters instead of writing them into the text'],
  ],
  [/^The table '.*' does not exist/, ["define it: orm.schema.sync(), or sync: 'safe' at boot"]],
  [
    /^The analyzer '.*' does not exist/,
    ["@Analyzer({ name: '…', tokenizers: ['class'], filters: ['lowercase'] }) on the class, and sync the schema"],
  ],
  [/^Specify a (namespace|database) to use/, ['give `namespace` and `database` to connect(), or call use()']],
  [/^Couldn't coerce value for field|^Tried to set `/, ["send a value of the field's type, or change the type"]],
  [/field must conform to:/, ["send a value that the field's ASSERT admits"]],
  [/but field is readonly/, ['leave the field out of updates']],
  [
    /but no such field exists for table/,
    ['declare the field on the entity and sync the schema', 'leave the field out'],
  ],
  [
    /^Expected a single result output when using the ONLY keyword/,
    ['narrow the statement to one record, or leave ONLY out'],
  ],
  [
    /ON DELETE REJECT/,
    ['remove the records that refer to it first', "declare the relation with onDelete: 'unset' or 'cascade'"],
  ],
  [
    /The field '`\w+`' does not exist/,
    [
      "a link stands in a column of that name, under which the server does not find references again: give the column another name, as in @Relation(() => User, { name: 'by_' })",
    ],
  ],
  [/^Missing COMMIT statement/, ['end the script with COMMIT; nothing of it was kept']],
  [/^Transaction not found/, ['it was committed, cancelled or lost with its connection: begin another']],
];

export function fixesOf(fault: ServerFault): readonly string[] {
  const found = FIXES.find(([pattern]) => pattern.test(fault.message));
  return found === undefined ? [] : found[1];
}
