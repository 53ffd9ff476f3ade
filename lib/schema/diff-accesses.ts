import { defineAccess } from '../surrealql/nodes/definitions.js';
import { equals } from '../values/equals.js';
import type { SchemaReading } from './canonicalise.js';
import type { Change } from './change.js';
import type { WantedSchema } from './wanted.js';

/**
 * Accesses are defined anew only where they differ: without a key of its own each definition makes another secret, and every
 * token that is out becomes worthless. A key that is given is withheld by the server, so another one is no difference.
 */
export function diffAccesses({ accesses }: WantedSchema, { live, wanted }: SchemaReading): readonly Change[] {
  return accesses.flatMap((node): readonly Change[] => {
    const known = live.accesses.get(node.name);
    if (known === undefined) return [{ kind: 'createAccess', table: '', definition: node, risk: 'additive' }];
    if (equals(known, wanted.accesses.get(node.name))) return [];
    const definition = defineAccess({ ...node, exists: 'overwrite' });
    return [{ kind: 'alterAccess', table: '', definition, risk: 'rewrite' }];
  });
}
