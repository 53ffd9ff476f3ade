import type { FieldMetadata } from '../metadata/entity-metadata.js';
import { Decimal } from '../values/index.js';
import type { Report } from './validate-value.js';

/** What `precision` and `scale` promise, as the field's ASSERT has it. Nothing is rounded here: how is for the caller to say. */
export function checkDigits({ precision, scale }: FieldMetadata, value: unknown, path: string, report: Report): void {
  if (typeof value !== 'number' && !(value instanceof Decimal)) return;
  const given = new Decimal(value);
  if (scale !== undefined && given.decimalPlaces() > scale)
    report(
      path,
      `expected at most ${counted(scale)} after the point, got ${given}; round it: ${rounded(scale)}`,
      'scale',
    );
  const whole = precision === undefined ? undefined : precision - (scale ?? 0);
  if (whole !== undefined && given.abs().gte(new Decimal(10).pow(whole)))
    report(path, `expected at most ${counted(whole)} before the point, got ${given}`, 'precision');
}

function counted(digits: number): string {
  return digits === 1 ? '1 digit' : `${digits} digits`;
}

function rounded(scale: number): string {
  return `value.toDecimalPlaces(${scale})`;
}
