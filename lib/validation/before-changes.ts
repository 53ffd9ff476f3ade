import { handlerOfField } from '../entity/field-handler.js';
import { isMissing } from '../entity/value-handler.js';
import type { PropertyChange } from '../unit-of-work/change-set.js';
import type { WriteSet } from '../unit-of-work/entity-rules.js';

/** The entity as it was read: what it holds, with the stored values of what an update changes. */
export function beforeChanges({ state, changes }: WriteSet): object {
  const before: Record<string, unknown> = { ...state.entity };
  for (const [property, change] of changes) before[property] = storedValue(change);
  return before;
}

function storedValue({ meta, old }: PropertyChange): unknown {
  if (isMissing(old)) return undefined;
  const decode = meta.kind === 'field' ? handlerOfField(meta).decode : undefined;
  return decode === undefined ? old : decode(old);
}
