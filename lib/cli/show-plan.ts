import pc from 'picocolors';
import { isSafe, type Risk, type SchemaPlan, type SchemaStep } from '../schema/index.js';
import { counted } from './counted.js';
import { harmless } from './display-text.js';
import { renderTable } from './table.js';

const COLOURS: Readonly<Record<Risk, (text: string) => string>> = {
  additive: pc.green,
  rewrite: pc.cyan,
  narrowing: pc.yellow,
  destructive: pc.red,
};

/** A plan as a table, its dangers first in the last line. */
export function showPlan(plan: SchemaPlan): string {
  if (plan.isEmpty) return `${pc.green('✓')} The database is what the entities say.`;
  const rows = plan.steps.map(({ risk, table, affected, statement }) => [
    COLOURS[risk](risk),
    table,
    affected === 0 ? '' : String(affected),
    statement,
  ]);
  return `${renderTable(['risk', 'table', 'records', 'statement'], rows)}\n${summary(plan)}`;
}

/** What is in the database beside the entities: nothing happens to it. */
export function showLeftAlone(names: readonly string[]): readonly string[] {
  return names.length === 0 ? [] : [`Left alone, as no entity speaks of it: ${names.map(harmless).join(', ')}.`];
}

export function summary({ steps }: SchemaPlan): string {
  const unsafe = steps.filter((step) => !isSafe(step));
  const all = counted(steps.length, 'step');
  if (unsafe.length === 0) return `${all}; safe: every record stays and can be written.`;
  return `${all}, ${pc.red(`${unsafe.length} not safe`)}: ${[...new Set(unsafe.map(harm))].join('; ')}.`;
}

function harm({ risk, table, affected }: SchemaStep): string {
  const records = `${counted(affected, 'record')} of ${table}`;
  return risk === 'destructive' ? `${records} would lose data` : `${records} could not be written any more`;
}
