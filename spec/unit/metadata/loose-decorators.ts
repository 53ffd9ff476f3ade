import * as decorators from '../../../lib/decorators/index.js';
import type { MetadataError } from '../../../lib/errors/index.js';
import { discover, type EntityClass } from '../../../lib/metadata/index.js';

type Names = Exclude<keyof typeof decorators, 'defineTable'>;

/** The decorators without their compile-time checks, to declare what JavaScript users, or casts, may declare. */
export const loose = decorators as unknown as {
  readonly [K in Names]: (...args: unknown[]) => ClassDecorator & PropertyDecorator & MethodDecorator;
};

/** What discovery has against the classes; empty when nothing. */
export function problemsOf(...classes: EntityClass[]): readonly string[] {
  try {
    discover(classes);
    return [];
  } catch (error) {
    return (error as MetadataError).problems;
  }
}
