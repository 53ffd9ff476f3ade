import type { Input } from './create-data.js';
import type { DataKey, IsReadonly } from './keys.js';
import type { IsImmutable } from './markers.js';

/**
 * Changes to a `T`: everything that may be written after creation. A required property cannot become `null`.
 *
 * ```ts
 * em.assign(user, { age: 42, team: null });
 * ```
 */
export type UpdateData<T> = { -readonly [K in keyof T as UpdateKey<T, K>]?: Input<T[K]> };

type UpdateKey<T, K extends keyof T> = K extends 'id'
  ? never
  : K extends DataKey<T>
    ? IsReadonly<T, K> extends true
      ? never
      : IsImmutable<T[K]> extends true
        ? never
        : K
    : never;
