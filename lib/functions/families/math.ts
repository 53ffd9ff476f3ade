// Made by scripts/functions.mjs from scripts/functions.txt.

import type { Arg, Int, List, Mode, Numeric, Out, Widened } from '../argument-types.js';
import { CONSTANT, type Signatures } from '../signatures.js';

/** `math::` https://surrealdb.com/docs/surrealql/functions/database/math */
export interface MathFunctions<M extends Mode = 'expression'> {
  abs<N extends Numeric = number>(number: Arg<N>): Out<M, Widened<N>>;
  acos(number: Arg<Numeric>): Out<M, number>;
  acot(number: Arg<Numeric>): Out<M, number>;
  asin(number: Arg<Numeric>): Out<M, number>;
  atan(number: Arg<Numeric>): Out<M, number>;
  bottom<N extends Numeric = number>(numbers: List<N>, count: Arg<Int>): Out<M, Widened<N>[]>;
  ceil<N extends Numeric = number>(number: Arg<N>): Out<M, Widened<N>>;
  clamp<N extends Numeric = number>(number: Arg<N>, min: Arg<N>, max: Arg<N>): Out<M, Widened<N>>;
  cos(number: Arg<Numeric>): Out<M, number>;
  cot(number: Arg<Numeric>): Out<M, number>;
  deg2rad(degrees: Arg<Numeric>): Out<M, number>;
  readonly e: Out<M, number>;
  fixed<N extends Numeric = number>(number: Arg<N>, places: Arg<Int>): Out<M, Widened<N>>;
  floor<N extends Numeric = number>(number: Arg<N>): Out<M, Widened<N>>;
  readonly frac_1_pi: Out<M, number>;
  readonly frac_1_sqrt_2: Out<M, number>;
  readonly frac_2_pi: Out<M, number>;
  readonly frac_2_sqrt_pi: Out<M, number>;
  readonly frac_pi_2: Out<M, number>;
  readonly frac_pi_3: Out<M, number>;
  readonly frac_pi_4: Out<M, number>;
  readonly frac_pi_6: Out<M, number>;
  readonly frac_pi_8: Out<M, number>;
  readonly inf: Out<M, number>;
  interquartile<N extends Numeric = number>(numbers: List<N>): Out<M, Widened<N>>;
  lerp<N extends Numeric = number>(from: Arg<N>, to: Arg<N>, factor: Arg<Numeric>): Out<M, Widened<N>>;
  lerpangle<N extends Numeric = number>(from: Arg<N>, to: Arg<N>, factor: Arg<Numeric>): Out<M, Widened<N>>;
  ln(number: Arg<Numeric>): Out<M, number>;
  readonly ln_10: Out<M, number>;
  readonly ln_2: Out<M, number>;
  log(number: Arg<Numeric>, base: Arg<Numeric>): Out<M, number>;
  log10(number: Arg<Numeric>): Out<M, number>;
  readonly log10_2: Out<M, number>;
  readonly log10_e: Out<M, number>;
  log2(number: Arg<Numeric>): Out<M, number>;
  readonly log2_10: Out<M, number>;
  readonly log2_e: Out<M, number>;
  max<N extends Numeric = number>(numbers: List<N>): Out<M, Widened<N>>;
  mean<N extends Numeric = number>(numbers: List<N>): Out<M, Widened<N>>;
  median<N extends Numeric = number>(numbers: List<N>): Out<M, Widened<N>>;
  midhinge<N extends Numeric = number>(numbers: List<N>): Out<M, Widened<N>>;
  min<N extends Numeric = number>(numbers: List<N>): Out<M, Widened<N>>;
  mode<N extends Numeric = number>(numbers: List<N>): Out<M, Widened<N>>;
  nearestrank<N extends Numeric = number>(numbers: List<N>, percent: Arg<Numeric>): Out<M, Widened<N>>;
  readonly neg_inf: Out<M, number>;
  percentile<N extends Numeric = number>(numbers: List<N>, percent: Arg<Numeric>): Out<M, Widened<N>>;
  readonly pi: Out<M, number>;
  pow<N extends Numeric = number>(number: Arg<N>, power: Arg<Numeric>): Out<M, Widened<N>>;
  product<N extends Numeric = number>(numbers: List<N>): Out<M, Widened<N>>;
  rad2deg(radians: Arg<Numeric>): Out<M, number>;
  round<N extends Numeric = number>(number: Arg<N>): Out<M, Widened<N>>;
  sign(number: Arg<Numeric>): Out<M, number>;
  sin(number: Arg<Numeric>): Out<M, number>;
  spread<N extends Numeric = number>(numbers: List<N>): Out<M, Widened<N>>;
  sqrt<N extends Numeric = number>(number: Arg<N>): Out<M, Widened<N>>;
  readonly sqrt_2: Out<M, number>;
  stddev<N extends Numeric = number>(numbers: List<N>): Out<M, Widened<N>>;
  sum<N extends Numeric = number>(numbers: List<N>): Out<M, Widened<N>>;
  tan(number: Arg<Numeric>): Out<M, number>;
  readonly tau: Out<M, number>;
  top<N extends Numeric = number>(numbers: List<N>, count: Arg<Int>): Out<M, Widened<N>[]>;
  trimean<N extends Numeric = number>(numbers: List<N>): Out<M, Widened<N>>;
  variance<N extends Numeric = number>(numbers: List<N>): Out<M, Widened<N>>;
}

export const mathSignatures: Signatures = {
  'math::abs': [1, 1],
  'math::acos': [1, 1],
  'math::acot': [1, 1],
  'math::asin': [1, 1],
  'math::atan': [1, 1],
  'math::bottom': [2, 2],
  'math::ceil': [1, 1],
  'math::clamp': [3, 3],
  'math::cos': [1, 1],
  'math::cot': [1, 1],
  'math::deg2rad': [1, 1],
  'math::e': CONSTANT,
  'math::fixed': [2, 2],
  'math::floor': [1, 1],
  'math::frac_1_pi': CONSTANT,
  'math::frac_1_sqrt_2': CONSTANT,
  'math::frac_2_pi': CONSTANT,
  'math::frac_2_sqrt_pi': CONSTANT,
  'math::frac_pi_2': CONSTANT,
  'math::frac_pi_3': CONSTANT,
  'math::frac_pi_4': CONSTANT,
  'math::frac_pi_6': CONSTANT,
  'math::frac_pi_8': CONSTANT,
  'math::inf': CONSTANT,
  'math::interquartile': [1, 1],
  'math::lerp': [3, 3],
  'math::lerpangle': [3, 3],
  'math::ln': [1, 1],
  'math::ln_10': CONSTANT,
  'math::ln_2': CONSTANT,
  'math::log': [2, 2],
  'math::log10': [1, 1],
  'math::log10_2': CONSTANT,
  'math::log10_e': CONSTANT,
  'math::log2': [1, 1],
  'math::log2_10': CONSTANT,
  'math::log2_e': CONSTANT,
  'math::max': [1, 1],
  'math::mean': [1, 1],
  'math::median': [1, 1],
  'math::midhinge': [1, 1],
  'math::min': [1, 1],
  'math::mode': [1, 1],
  'math::nearestrank': [2, 2],
  'math::neg_inf': CONSTANT,
  'math::percentile': [2, 2],
  'math::pi': CONSTANT,
  'math::pow': [2, 2],
  'math::product': [1, 1],
  'math::rad2deg': [1, 1],
  'math::round': [1, 1],
  'math::sign': [1, 1],
  'math::sin': [1, 1],
  'math::spread': [1, 1],
  'math::sqrt': [1, 1],
  'math::sqrt_2': CONSTANT,
  'math::stddev': [1, 1],
  'math::sum': [1, 1],
  'math::tan': [1, 1],
  'math::tau': CONSTANT,
  'math::top': [2, 2],
  'math::trimean': [1, 1],
  'math::variance': [1, 1],
};
