import type { SurrealType } from '../../types/surreal-type.js';
import { quoted, surqlText, type Source } from './source.js';

/** A DEFAULT as a plain value where it is one, else as SurrealQL; the server says both in the same words. */
export function defaultText(preset: string, type: SurrealType, source: Source): string {
  return literalText(preset, type.kind) ?? surqlText(preset, source);
}

function literalText(preset: string, kind: SurrealType['kind']): string | undefined {
  const isNumeric = kind === 'int' || kind === 'number' || kind === 'float' || kind === 'literal' || kind === 'union';
  if (/^(true|false)$/.test(preset)) return preset;
  if (isNumeric && /^-?\d+$/.test(preset) && Number.isSafeInteger(Number(preset))) return preset;
  const float = /^(-?\d+\.\d*[1-9])f$/.exec(preset)?.[1];
  if (float !== undefined && kind === 'float' && String(Number(float)) === float) return float;
  const text = /^'([^'\\]*)'$/.exec(preset)?.[1];
  if (text !== undefined && kind !== 'any') return quoted(text);
  return preset === '[]' ? '[]' : /^\{ *\}$/.test(preset) ? '{}' : undefined;
}
