import type { SurrealType } from '../../types/surreal-type.js';
import { quoted, surqlText, type Source } from './source.js';

/** What an ASSERT becomes: an option of its own where it is one that Reverie writes, else SurrealQL. */
export interface Constraints {
  readonly enum?: string;
  readonly precision?: string;
  readonly scale?: string;
  readonly assert?: string;
  /** The narrower TypeScript type. */
  readonly type?: string;
}

/** `bare` is the field's type without NONE. */
export function constraintsOf(assert: string | undefined, bare: SurrealType, source: Source): Constraints {
  if (assert === undefined) return {};
  return (
    (bare.kind === 'decimal' ? digitsOf(assert) : undefined) ??
    (bare.kind === 'string' ? valuesOf(assert) : undefined) ?? {
      assert: surqlText(assert, source),
    }
  );
}

const FIXED = 'math::fixed\\(\\$value, (\\d+)\\) = \\$value';
const BELOW = 'math::abs\\(\\$value\\) < 1(0*)';
const DIGITS = new RegExp(`^(?:${FIXED} AND ${BELOW}|${FIXED}|${BELOW})$`);

function digitsOf(assert: string): Constraints | undefined {
  const found = DIGITS.exec(assert);
  if (found === null) return undefined;
  const scale = found[1] ?? found[3];
  const zeros = found[2] ?? found[4];
  return {
    ...(zeros !== undefined && { precision: String(zeros.length + Number(scale ?? 0)) }),
    ...(scale !== undefined && { scale }),
  };
}

const TEXT = "'[^'\\\\]*'";
const VALUES = new RegExp(`^\\$value INSIDE \\[(${TEXT}(?:, ${TEXT})*)\\]$`);

function valuesOf(assert: string): Constraints | undefined {
  const found = VALUES.exec(assert)?.[1]?.match(new RegExp(TEXT, 'g'));
  if (found === undefined || found === null) return undefined;
  const values = found.map((text) => quoted(text.slice(1, -1)));
  return { enum: `[${values.join(', ')}]`, type: values.join(' | ') };
}
