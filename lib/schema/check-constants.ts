import { parseLiteral } from '../driver/parse-literal.js';
import { MetadataError } from '../errors/index.js';
import { acceptsValue } from '../types/accepts-value.js';
import { parseType } from '../types/parse-type.js';
import { printType } from '../types/print-type.js';
import { isNone } from '../values/index.js';
import { pathText } from './field-path.js';
import type { FieldModel, SchemaModel } from './model.js';

/**
 * A DEFAULT or VALUE that is a constant and no value of its field's type would refuse the records that are left to it: it is told
 * before anything is defined. The constants are read as the server prints them, for only it knows what `surql` comes to.
 *
 * @throws MetadataError with all of them
 */
export function checkConstants({ tables }: SchemaModel): void {
  const problems = [...tables.values()].flatMap(({ name, fields }) =>
    [...fields.values()].flatMap((field) =>
      (['default', 'value'] as const).flatMap((option) => {
        const constant = field[option];
        if (constant === undefined || fits(field, constant)) return [];
        const type = printType(parseType(field.kind ?? 'any'));
        return [`${name}.${pathText(field.path)}: the ${option} ${constant} is not a value of ${type}`];
      }),
    ),
  );
  if (problems.length === 0) return;
  throw new MetadataError({
    what: problems.length === 1 ? (problems[0] as string) : `${problems.length} constants do not fit their fields`,
    why: 'the server would refuse every record that is left to it',
    fix: [
      ...(problems.length === 1 ? [] : problems),
      'give a value of the type, or change the type; nothing was changed',
    ],
    problems,
  });
}

/** What cannot be read with certainty is for the server to judge, and so is what it converts; NONE and NULL are as good as no default. */
function fits({ kind }: FieldModel, constant: string): boolean {
  const value = parseLiteral(constant);
  return value === constant || isNone(value) || value === null || acceptsValue(parseType(kind ?? 'any'), value);
}
