import { SchemaDriftError } from '../errors/index.js';
import type { SchemaPlan, SchemaStep } from './plan.js';

/** Safe mode found steps that endanger records. */
export function refused(unsafe: readonly SchemaStep[], plan: SchemaPlan, mode: 'safe' | 'force'): SchemaDriftError {
  const lines = unsafe.map((step) => `  - ${consequence(step)}\n      ${step.statement.replaceAll('\n', '\n      ')}`);
  return new SchemaDriftError({
    what: `The schema was left as it is: ${unsafe.length} of ${plan.steps.length} steps would harm stored records`,
    why: `\n${lines.join('\n')}`,
    fix: [
      ...new Set(unsafe.map(wayOut)),
      ...(mode === 'safe'
        ? ["apply it all the same, after a look at schema.plan(): schema.sync({ mode: 'force' })"]
        : []),
    ],
    steps: plan.steps,
  });
}

/** The database is not what the entities say. */
export function drifted(plan: SchemaPlan): SchemaDriftError {
  const shown = plan.steps.slice(0, 10).map(({ statement }) => `  ${statement.replaceAll('\n', '\n  ')}`);
  const rest = plan.steps.length - shown.length;
  return new SchemaDriftError({
    what: `The database differs from the entities in ${plan.steps.length} ${plan.steps.length === 1 ? 'step' : 'steps'}`,
    why: `\n${shown.join('\n')}${rest > 0 ? `\n  … and ${rest} more` : ''}`,
    fix: ["bring it in line: schema.sync({ mode: 'safe' })", 'or correct the entities'],
    steps: plan.steps,
  });
}

function consequence({ table, affected, risk, kind }: SchemaStep): string {
  const records = `${affected} ${affected === 1 ? 'record' : 'records'} of ${table}`;
  if (kind === 'copyTable')
    return `${affected} ${affected === 1 ? 'record' : 'records'} could not be copied to ${table} as they are (${kind})`;
  if (kind === 'removeTable') return `${records} would be lost, or columns or edges of theirs (${kind})`;
  if (risk === 'destructive') return `${records} would lose data (${kind})`;
  return `${records} could not be written any more (${kind})`;
}

function wayOut({ kind, table, risk }: SchemaStep): string {
  if (kind === 'copyTable')
    return `records with edges, or with columns that ${table} does not have, need a migration of their own: leave renamedFrom out and create them with m.em`;
  if (kind === 'removeTable')
    return `delete the records of ${table} that are not needed, and copy those that have been written there since it was renamed; empty columns that the new table does not have`;
  if (kind === 'removeField') return `keep the field of ${table} in its entity, or empty it first`;
  if (kind === 'createIndex' || kind === 'alterIndex')
    return `correct the records of ${table} that the index would refuse`;
  if (kind === 'createField') return `make the new field of ${table} optional, or give it a default`;
  if (risk === 'narrowing') return `correct the records of ${table} first, or let the definition admit them`;
  return `move the records of ${table} away first`;
}
