import { isFragment } from '../../surrealql/surql.js';
import type { CollectedProperty } from '../collect.js';
import type { Rule } from './rule.js';

/** Expressions are written with `surql`; a plain text would be data. */
export const checkFragments: Rule = ({ collected, problems }) => {
  for (const { declaration, path } of collected.properties) {
    for (const [option, value] of expressionsOf(declaration)) {
      if (value === undefined || isFragment(value)) continue;
      const text = typeof value === 'string' ? value : '…';
      problems.add(path, `${option} is an expression and has to be written with surql`, `surql\`${text}\``);
    }
  }
};

function expressionsOf(declaration: CollectedProperty['declaration']): readonly (readonly [string, unknown])[] {
  switch (declaration.kind) {
    case 'field':
      return [
        ['value', declaration.options.value],
        ['assert', declaration.options.assert],
      ];
    case 'computed':
      return [['the expression of @Computed', declaration.expression === undefined ? null : declaration.expression]];
    default:
      return [];
  }
}
