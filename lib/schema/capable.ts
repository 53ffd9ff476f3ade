import { CapabilityError } from '../errors/index.js';
import type { DefineIndexNode } from '../surrealql/nodes/definitions.js';
import type { SchemaConnection } from './requests.js';
import type { WantedSchema } from './wanted.js';

/** The version of SurrealDB that brought back, or brought, what an index may ask for. */
const SINCE = { DISKANN: '3.1.0', DEFER: '3.1.0' } as const;

/** @throws CapabilityError for indexes that the connected server cannot build */
export function refuseIncapable(wanted: WantedSchema, { version, isAtLeast }: SchemaConnection): void {
  for (const { name: table, indexes } of wanted.tables) {
    for (const node of indexes) {
      const feature = featuresOf(node).find((each) => !isAtLeast(SINCE[each]));
      if (feature !== undefined) throw incapable(feature, node.name, table, version);
    }
  }
}

function featuresOf({ variant, defer }: DefineIndexNode): readonly (keyof typeof SINCE)[] {
  return [
    ...(variant.kind === 'diskann' ? (['DISKANN'] as const) : []),
    ...(defer === true ? (['DEFER'] as const) : []),
  ];
}

function incapable(feature: keyof typeof SINCE, index: string, table: string, version: string): CapabilityError {
  const hint = feature === 'DISKANN' ? "index: 'hnsw'" : 'concurrently: true, or an index without defer';
  return new CapabilityError({
    what: `The server cannot build the index ${index} of ${table}`,
    why: `it asks for ${feature}, which SurrealDB has from ${SINCE[feature]} on, and this is ${version}`,
    fix: [`connect to SurrealDB ${SINCE[feature]} or later`, hint],
  });
}
