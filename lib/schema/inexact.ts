import { and, binary, call, not, or, value, type Expression } from '../surrealql/nodes/expressions.js';
import type { SurrealType } from '../types/surreal-type.js';
import { kindIs, someElement } from './conforms.js';

/** Whole numbers up to this one, and no further, are floats too. */
const LAST_EXACT = value(2 ** 53);
const FIRST_EXACT = value(-(2 ** 53));

/**
 * Where the server takes a number for the type and keeps another one: it makes a float of a long integer or decimal, and a decimal
 * of a float, whenever the record is written next. Undefined where no number is made into another kind.
 */
export function inexact(subject: Expression, type: SurrealType, depth = 0): Expression | undefined {
  switch (type.kind) {
    case 'float':
      return or([
        and([kindIs(subject, ['int']), or([binary(subject, '>', LAST_EXACT), binary(subject, '<', FIRST_EXACT)])]),
        and([kindIs(subject, ['decimal']), differs(subject, 'float', 'decimal')]),
      ]);
    case 'decimal':
      return and([kindIs(subject, ['float']), isWithinDecimals(subject), differs(subject, 'decimal', 'float')]);
    case 'array':
    case 'set':
      return elements(subject, type, depth);
    case 'union':
      return oneOf(subject, type.members, depth);
    default:
      return undefined;
  }
}

/** There and back it is another number. */
function differs(subject: Expression, there: string, back: string): Expression {
  return not(binary(call(`type::${back}`, call(`type::${there}`, subject)), '=', subject));
}

function isWithinDecimals(subject: Expression): Expression {
  return and([binary(subject, '<', value(7.9e28)), binary(subject, '>', value(-7.9e28))]);
}

function elements(
  subject: Expression,
  { kind, items }: SurrealType & { readonly kind: 'array' | 'set' },
  depth: number,
): Expression | undefined {
  let found = false;
  const some = someElement(call('type::array', subject), depth, (element) => {
    const inner = inexact(element, items, depth + 1);
    found = inner !== undefined;
    return inner ?? value(false);
  });
  return found ? and([kindIs(subject, [kind]), some]) : undefined;
}

/** A number that is of one of the kinds stays as it is. */
function oneOf(subject: Expression, members: readonly SurrealType[], depth: number): Expression | undefined {
  const doubts = members.flatMap((member) => inexact(subject, member, depth) ?? []);
  if (doubts.length === 0) return undefined;
  const kinds = members.flatMap(({ kind }) => (kind === 'number' ? NUMBERS : NUMBERS.includes(kind) ? [kind] : []));
  return kinds.length === 0 ? or(doubts) : and([not(kindIs(subject, kinds)), or(doubts)]);
}

const NUMBERS: readonly string[] = ['int', 'float', 'decimal'];
