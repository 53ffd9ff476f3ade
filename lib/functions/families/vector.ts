// Made by scripts/functions.mjs from scripts/functions.txt.

import type { Arg, Int, List, Mode, Numeric, Out, Vector } from '../argument-types.js';
import type { Signatures } from '../signatures.js';

/** `vector::` https://surrealdb.com/docs/surrealql/functions/database/vector */
export interface VectorFunctions<M extends Mode = 'expression'> {
  add(left: Arg<Vector>, right: Arg<Vector>): Out<M, number[]>;
  angle(left: Arg<Vector>, right: Arg<Vector>): Out<M, number>;
  cross(left: Arg<Vector>, right: Arg<Vector>): Out<M, number[]>;
  readonly distance: {
    chebyshev(left: Arg<Vector>, right: Arg<Vector>): Out<M, number>;
    euclidean(left: Arg<Vector>, right: Arg<Vector>): Out<M, number>;
    hamming(left: Arg<Vector>, right: Arg<Vector>): Out<M, number>;
    knn(reference?: Arg<Int>): Out<M, number>;
    /** SurrealDB 3.3.0 and later. */
    mahalanobis(left: Arg<Vector>, right: Arg<Vector>, covariance: List<Vector>): Out<M, number>;
    manhattan(left: Arg<Vector>, right: Arg<Vector>): Out<M, number>;
    minkowski(left: Arg<Vector>, right: Arg<Vector>, order: Arg<Numeric>): Out<M, number>;
  };
  divide(left: Arg<Vector>, right: Arg<Vector>): Out<M, number[]>;
  dot(left: Arg<Vector>, right: Arg<Vector>): Out<M, number>;
  magnitude(vector: Arg<Vector>): Out<M, number>;
  multiply(left: Arg<Vector>, right: Arg<Vector>): Out<M, number[]>;
  normalize(vector: Arg<Vector>): Out<M, number[]>;
  project(left: Arg<Vector>, right: Arg<Vector>): Out<M, number[]>;
  scale(vector: Arg<Vector>, factor: Arg<Numeric>): Out<M, number[]>;
  readonly similarity: {
    cosine(left: Arg<Vector>, right: Arg<Vector>): Out<M, number>;
    jaccard(left: Arg<Vector>, right: Arg<Vector>): Out<M, number>;
    pearson(left: Arg<Vector>, right: Arg<Vector>): Out<M, number>;
    /** SurrealDB 3.3.0 and later. */
    spearman(left: Arg<Vector>, right: Arg<Vector>): Out<M, number>;
  };
  subtract(left: Arg<Vector>, right: Arg<Vector>): Out<M, number[]>;
  /** SurrealDB 3.3.0 and later. */
  sum(vectors: List<Vector>): Out<M, number[] | undefined>;
}

export const vectorSignatures: Signatures = {
  'vector::add': [2, 2],
  'vector::angle': [2, 2],
  'vector::cross': [2, 2],
  'vector::distance::chebyshev': [2, 2],
  'vector::distance::euclidean': [2, 2],
  'vector::distance::hamming': [2, 2],
  'vector::distance::knn': [0, 1],
  'vector::distance::mahalanobis': [3, 3, '3.3.0'],
  'vector::distance::manhattan': [2, 2],
  'vector::distance::minkowski': [3, 3],
  'vector::divide': [2, 2],
  'vector::dot': [2, 2],
  'vector::magnitude': [1, 1],
  'vector::multiply': [2, 2],
  'vector::normalize': [1, 1],
  'vector::project': [2, 2],
  'vector::scale': [2, 2],
  'vector::similarity::cosine': [2, 2],
  'vector::similarity::jaccard': [2, 2],
  'vector::similarity::pearson': [2, 2],
  'vector::similarity::spearman': [2, 2, '3.3.0'],
  'vector::subtract': [2, 2],
  'vector::sum': [1, 1, '3.3.0'],
};
