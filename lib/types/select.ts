import type { ReadKey } from './keys.js';

/** Properties to read (or, for `omit`, to leave out). */
export type Select<T> = readonly ReadKey<T>[];
