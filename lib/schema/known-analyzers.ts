import { MetadataError } from '../errors/index.js';
import { didYouMean } from '../types/nearest-word.js';
import { analyzers } from './introspect.js';
import type { LiveState } from './live-state.js';
import type { WantedSchema } from './wanted.js';

/**
 * The server defines a full-text index over an analyzer that there is not, and refuses every record afterwards.
 *
 * @throws MetadataError for indexes whose analyzer neither the entities nor the database have; all of them at once
 */
export function refuseUnknownAnalyzers({ tables, analyzers: asked }: WantedSchema, state: LiveState): void {
  const known = new Set([...asked.map(({ name }) => name), ...analyzers({ analyzers: state.analyzers }).keys()]);
  const problems = tables.flatMap(({ name: table, indexes }) =>
    indexes.flatMap(({ name, variant }) =>
      variant.kind === 'fulltext' && !known.has(variant.analyzer)
        ? [
            `the index "${name}" of ${table} names the analyzer "${variant.analyzer}"${ofKnown(variant.analyzer, known)}`,
          ]
        : [],
    ),
  );
  if (problems.length === 0) return;
  throw new MetadataError({
    what: 'A full-text index names an analyzer that neither the entities nor the database have',
    why: problems.join('; '),
    fix: [
      "define it above any entity: @Analyzer({ name: '…', tokenizers: ['class'], filters: ['lowercase'] })",
      'or name one that there is',
    ],
    problems,
  });
}

function ofKnown(name: string, known: ReadonlySet<string>): string {
  const nearest = didYouMean(name, known);
  if (nearest !== '') return `.${nearest}`;
  return known.size === 0 ? ', and there are none' : `; there are ${[...known].join(', ')}`;
}
