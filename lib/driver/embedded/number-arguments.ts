import { Decimal } from '../../values/index.js';
import { boundTo, writtenCalls } from './call-arguments.js';

/** Numbers that the engine takes for the size of something that it makes: it panics over one that is too large, or below zero. */
interface Limit {
  /** Which argument; of a method one less than of its function. */
  readonly argument: number;
  readonly least: number;
  readonly most: number;
}

const PLACES = { least: -Infinity, most: 65_535 };
const LENGTH = { argument: 0, least: 0, most: Infinity };
/** Memory for as many is set aside before a row is read. */
const ROWS = { least: -Infinity, most: 1_000_000 };
const LIMITS: Readonly<Record<string, Limit>> = {
  'math::fixed': { argument: 1, ...PLACES },
  '.fixed': { argument: 0, ...PLACES },
  'rand::id': LENGTH,
  'rand::string': LENGTH,
  'search::rrf': { argument: 1, ...ROWS },
  'search::linear': { argument: 2, ...ROWS },
};
const CALL = /(?:\bmath::fixed|\.\s*fixed|\brand::(?:id|string)|\bsearch::(?:rrf|linear))\s*\(/gi;
const LITERAL = /^-?(?:Infinity|NaN|\d[\d_]*(?:\.\d+)?(?:e[+-]?\d+)?)(?:f|dec)?$/i;

/** Says which number of a call the engine cannot stand. What the statement computes is not seen. */
export function checkNumbers(text: string, bindings: Readonly<Record<string, unknown>>): string | undefined {
  for (const { name, args } of writtenCalls(text, CALL)) {
    const { argument, least, most } = LIMITS[name] as Limit;
    const number = numberOf(args[argument], bindings);
    if (number !== undefined && !(number >= least && number <= most))
      return `${name.replace('.', 'math::')} cannot take ${number}`;
  }
  return undefined;
}

function numberOf(argument: string | undefined, bindings: Readonly<Record<string, unknown>>): number | undefined {
  if (argument !== undefined && LITERAL.test(argument)) return Number(argument.replace(/_|f$|dec$/g, ''));
  const bound = boundTo(argument, bindings);
  const isNumber = typeof bound === 'number' || typeof bound === 'bigint' || Decimal.isDecimal(bound);
  return isNumber ? Number(bound) : undefined;
}
