import { Decimal } from 'decimal.js';
import { ValidationError } from '../errors/index.js';

export { Decimal };

/** The greatest integer that the 96-bit mantissa of SurrealDB's decimals holds. */
const MAX_MANTISSA = '79228162514264337593543950335';
const MAX_SCALE = 28;

/**
 * The text of a decimal as SurrealDB takes it: no exponent, at most 28 fraction digits and a 96-bit mantissa.
 * Anything the server would refuse or round is refused here.
 *
 * ```ts
 * decimalText(new Decimal('1e3')); // '1000'
 * ```
 * @throws ValidationError for NaN, infinities and decimals out of SurrealDB's range or precision.
 */
export function decimalText(value: Decimal): string {
  const text = value.toFixed();
  const problem = decimalProblem(text);
  if (problem === undefined) return text === '-0' ? '0' : text;
  throw new ValidationError({ what: `The decimal ${text} cannot be stored`, ...problem });
}

/** Why SurrealDB cannot hold the decimal of this text, and the way out. */
export function decimalProblem(text: string): { readonly why: string; readonly fix: string } | undefined {
  const start = text.startsWith('-') ? 1 : 0;
  const first = text.charCodeAt(start);
  if (first < 48 || first > 57) return { why: 'decimals are finite', fix: 'Keep NaN and infinities in a float field' };
  if (text.length <= MAX_SCALE) return undefined;
  const point = text.indexOf('.');
  const scale = point < 0 ? 0 : text.length - point - 1;
  if (scale > MAX_SCALE) {
    return {
      why: `it has ${scale} fraction digits, SurrealDB keeps ${MAX_SCALE}`,
      fix: `Round it: value.toDecimalPlaces(${MAX_SCALE})`,
    };
  }
  const mantissa = text.slice(start).replace('.', '').replace(/^0+/, '');
  if (mantissa.length < MAX_MANTISSA.length || (mantissa.length === MAX_MANTISSA.length && mantissa <= MAX_MANTISSA))
    return undefined;
  return { why: 'it has more digits than the 96 bits of a SurrealDB decimal', fix: 'Round it, or keep it as a string' };
}
