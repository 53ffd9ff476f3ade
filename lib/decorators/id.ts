import type { KeyType } from '../metadata/entity-metadata.js';
import type { IdOptions } from '../metadata/options.js';
import { stageProperty } from './context.js';
import type { PropertyDecoration } from './signatures.js';

/**
 * The record id; the property is always called `id`. The declared key type (`string` when nothing is said) decides how a key
 * given as text is read.
 *
 * ```ts
 * @Id() id!: RecordId<'user'>;
 * @Id('uuid') id!: RecordId<'order'>;
 * @Id(['string', 'int']) id!: RecordId<'reading'>;
 * @Id({ from: 'sku' }) id!: RecordId<'product'>;
 * ```
 */
export function Id(options?: IdOptions): PropertyDecoration;
export function Id(type: KeyType, options?: Omit<IdOptions, 'type'>): PropertyDecoration;
export function Id(first?: KeyType | IdOptions, options?: Omit<IdOptions, 'type'>): PropertyDecoration {
  const given: IdOptions = first === undefined ? {} : isKeyType(first) ? { ...options, type: first } : first;
  return (...args: readonly unknown[]) =>
    stageProperty(args, 'Id', (property) => ({ kind: 'id', property, options: Object.freeze({ ...given }) }));
}

function isKeyType(value: KeyType | IdOptions): value is KeyType {
  return typeof value === 'string' || Array.isArray(value);
}
