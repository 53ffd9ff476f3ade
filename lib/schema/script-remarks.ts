import type { PlannedStep } from './plan.js';

/** What a reader of a script has to know before it is run: a line for each step that takes data away or room for it. */
export function remarksOn(steps: readonly PlannedStep[]): readonly string[] {
  return steps.flatMap(({ risk, guard, affected, statement }) => {
    const harm = risk === 'destructive' ? 'loses data' : risk === 'narrowing' ? 'takes less than before' : undefined;
    if (harm === undefined || guard === undefined) return [];
    const records = affected === 1 ? '1 record' : `${affected} records`;
    return [`${harm}: ${oneLine(statement)} (${records} where this was written)`];
  });
}

/** The definition, which comes last; what a name holds must not end the comment that it stands in. */
function oneLine(statement: string): string {
  const last = statement.split(';\n').at(-1) ?? '';
  return last.replace(/;$/, '').replace(/[\r\n\u2028\u2029]+/g, ' ');
}
