import { didYouMean } from '../../types/nearest-word.js';
import { everyField } from '../every-field.js';
import type { Rule } from './rule.js';

const DISTANCES = ['euclidean', 'cosine', 'manhattan', 'chebyshev', 'hamming', 'jaccard', 'pearson'];
const TYPES = ['F64', 'F32', 'I64', 'I32', 'I16'];

/** What an HNSW index is made of. */
export const checkVectors: Rule = ({ entity, problems }) => {
  for (const { vector, path, property } of everyField(entity.properties)) {
    if (vector === undefined) continue;
    const { dimension, distance, type, efc, m } = vector;
    if (!isCount(dimension))
      problems.add(
        path,
        `the dimension ${String(dimension)} is not a whole number above 0`,
        `@VectorField({ dimension: 384 }) ${property}`,
      );
    if (typeof distance === 'string' && !DISTANCES.includes(distance)) {
      problems.add(
        path,
        `unknown distance "${distance}".${didYouMean(distance, DISTANCES)}`,
        `@VectorField({ dimension: ${dimension}, distance: 'cosine' }) ${property}`,
      );
    }
    if (!TYPES.includes(type))
      problems.add(
        path,
        `unknown vector type "${type}".${didYouMean(type, TYPES)}`,
        `@VectorField({ dimension: ${dimension}, type: 'F32' }) ${property}`,
      );
    if (![true, false, 'hnsw', 'diskann'].includes(vector.index))
      problems.add(
        path,
        `unknown index "${String(vector.index)}"`,
        `@VectorField({ dimension: ${dimension}, index: 'hnsw' }) ${property}`,
      );
    if (vector.index === 'diskann' && (type !== 'F32' || (distance !== 'euclidean' && distance !== 'cosine'))) {
      problems.add(
        path,
        'a DISKANN index takes vectors of F32, and the distances euclidean and cosine',
        `@VectorField({ dimension: ${dimension}, distance: 'cosine', type: 'F32', index: 'diskann' }) ${property}`,
      );
    }
    if (![efc, m].every((count) => count === undefined || isCount(count)))
      problems.add(
        path,
        'efc and m are whole numbers above 0',
        `@VectorField({ dimension: ${dimension}, efc: 150, m: 12 }) ${property}`,
      );
  }
};

function isCount(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) > 0;
}
