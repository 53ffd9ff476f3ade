import type { EntityClass } from '../metadata/entity-metadata.js';
import type { FieldOptions } from '../metadata/options.js';
import { stageProperty } from './context.js';
import type { PropertyDecoration } from './signatures.js';

type Embedded = () => EntityClass | readonly [EntityClass];

export function Field(options?: FieldOptions): PropertyDecoration;
export function Field(type: string, options?: FieldOptions): PropertyDecoration;
export function Field(embedded: Embedded, options?: FieldOptions): PropertyDecoration;
export function Field(first?: string | FieldOptions | Embedded, options?: FieldOptions): PropertyDecoration {
  const embedded = typeof first === 'function' ? first : undefined;
  const given: FieldOptions = typeof first === 'string' ? { ...options, type: first } : typeof first === 'object' ? first : { ...options };
  return (...args: readonly unknown[]) =>
    stageProperty(args, 'Field', (property) => ({
      kind: 'field',
      property,
      options: Object.freeze({ ...given }),
      ...(embedded && { embedded }),
    }));
}
