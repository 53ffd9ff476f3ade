import fc from 'fast-check';
import { shown } from './shown.js';
import type { World } from './world.js';

/** One random query: what is asked by which verb, and how it is asked and judged. */
export class Query {
  readonly verb: string;
  readonly asked: readonly unknown[];
  readonly #run: (world: World) => Promise<boolean>;

  /** @param run answers whether the answer could be held against the rows in memory */
  constructor(verb: string, asked: readonly unknown[], run: (world: World) => Promise<boolean>) {
    this.verb = verb;
    this.asked = asked;
    this.#run = run;
  }

  run(world: World): Promise<boolean> {
    return this.#run(world);
  }

  [fc.toStringMethod](): string {
    return `${this.verb}(${this.asked.map(shown).join(', ')})`;
  }
}

/** Most of the time not there. */
export const seldom = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined, freq: 2 });
