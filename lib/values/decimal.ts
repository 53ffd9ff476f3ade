import { Decimal } from 'decimal.js';
import { ValidationError } from '../errors/index.js';

export { Decimal };

/** The greatest integer that SurrealDB's 96-bit decimal mantissa holds. */
const MAX_MANTISSA = new Decimal('79228162514264337593543950335');
const MAX_SCALE = 28;

/**
 * The text of a decimal as SurrealDB takes it: no exponent, at most 28 fraction digits and a 96-bit mantissa.
 * Anything the server would refuse or round is refused here.
 *
 * @throws ValidationError for NaN, infinities and decimals out of SurrealDB's range or precision.
 */
export function decimalText(value: Decimal): string {
  const text = value.toFixed();
  if (text.length <= 28) {
    if (value.isFinite()) return text === '-0' ? '0' : text;
    throw refused(text, 'SurrealDB decimals are finite', 'Keep NaN and infinities in a float field');
  }
  const scale = value.decimalPlaces();
  if (scale > MAX_SCALE) {
    throw refused(text, `it has ${scale} fraction digits, SurrealDB keeps ${MAX_SCALE}`, `Round it: value.toDecimalPlaces(${MAX_SCALE})`);
  }
  const mantissa = value.abs().toFixed().replace('.', '').replace(/^0+/, '');
  if (mantissa.length > 29 || (mantissa.length === 29 && mantissa > MAX_MANTISSA.toFixed())) {
    throw refused(text, 'it has more digits than the 96 bits of a SurrealDB decimal', 'Round it, or keep it as a string');
  }
  return text;
}

function refused(text: string, why: string, fix: string): ValidationError {
  return new ValidationError({ what: `The decimal ${text} cannot be stored`, why, fix });
}
