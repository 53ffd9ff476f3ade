import type { RecordId } from '../values/index.js';
import type { EntityShape, ValueSlot } from './entity-shape.js';
import type { EntityState } from './entity-state.js';
import { collectionOf, decodeSlot, idsOf, linkOf, withoutNull } from './hydrate.js';
import { LinkReference } from './link-reference.js';
import type { Row } from './row.js';
import { isMissing, sameOrMissing } from './value-handler.js';
import { withoutSecrets } from './without-secrets.js';

type Instance = Record<string, unknown>;

/**
 * Takes the row that a flush answered with. `sent` is what it had sent, as far as the instance's values go: a value that was
 * changed while the request was under way is kept, and stays a change.
 */
export function absorb(shape: EntityShape, state: EntityState, answered: Row, sent: Row): void {
  const row = withoutSecrets(shape, answered);
  const before = state.row;
  for (const slot of shape.values) absorbValue(state, slot, row, expectedOf(slot.column, sent, before));
  for (const link of shape.links) {
    const held = (state.entity as Instance)[link.property];
    const expected = expectedOf(link.column, sent, before);
    const raw = row[link.column];
    if (isLinkTo(held, raw) || !isLinkTo(held, expected)) continue;
    (state.entity as Instance)[link.property] = linkOf(state, link, raw);
  }
  for (const links of shape.linkArrays) collectionOf(state, links.property)?.adoptIds(idsOf(row[links.column]));
  state.row = row;
  state.loadedColumns = undefined;
}

function absorbValue(state: EntityState, slot: ValueSlot, row: Row, expected: unknown): void {
  const instance = state.entity as Instance;
  const raw = row[slot.column];
  const held = instance[slot.property];
  const current = withoutNull(slot, held);
  // Text that stands for a decimal becomes one, so does a list that stands for a set, and null that stands for NONE goes.
  const isCanonical =
    typeof held === typeof raw && (held === null) === (raw === null) && Array.isArray(held) === Array.isArray(raw);
  if (isCanonical && sameOrMissing(slot.handler, current, raw)) return;
  const isUntouched = !slot.updatable || sameOrMissing(slot.handler, current, expected);
  if (isUntouched) instance[slot.property] = decodeSlot(slot, row);
}

function expectedOf(column: string, sent: Row, before: Row | undefined): unknown {
  return column in sent ? sent[column] : before?.[column];
}

function isLinkTo(held: unknown, raw: unknown): boolean {
  if (held === undefined || held === null) return isMissing(raw);
  return LinkReference.is(held) && !isMissing(raw) && held.id.equals(raw as RecordId);
}
