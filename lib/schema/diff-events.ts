import { defineEvent, removeDefinition } from '../surrealql/nodes/definitions.js';
import { equals } from '../values/equals.js';
import type { Change } from './change.js';
import type { TableModel } from './model.js';
import type { WantedTable } from './wanted.js';

/** What to define and remove so that the events of a live table become the wanted ones. */
export function diffEvents(wanted: WantedTable, canonical: TableModel, live: TableModel): readonly Change[] {
  const defined = wanted.events.flatMap((node): readonly Change[] => {
    const current = live.events.get(node.name);
    if (current === undefined) return [{ kind: 'createEvent', table: wanted.name, definition: node, risk: 'additive' }];
    if (equals(canonical.events.get(node.name), current)) return [];
    const definition = defineEvent({ ...node, exists: 'overwrite' });
    return [{ kind: 'alterEvent', table: wanted.name, definition, risk: 'rewrite' }];
  });
  const removed = [...live.events.keys()]
    .filter((name) => !canonical.events.has(name))
    .map((name): Change => {
      const definition = removeDefinition({ object: 'EVENT', name, table: wanted.name, ifExists: true });
      return { kind: 'removeEvent', table: wanted.name, definition, risk: 'destructive' };
    });
  return [...removed, ...defined];
}
