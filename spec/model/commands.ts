import fc from 'fast-check';
import { assignStep, changeStep, mendStep } from './actions/change.js';
import { createStep } from './actions/create.js';
import { flushStep } from './actions/flush.js';
import { collectionStep, teamStep } from './actions/link.js';
import { findOneStep, findStep, loadStep } from './actions/load.js';
import { patchStep } from './actions/patch.js';
import { persistStep, removeStep } from './actions/remove.js';
import { clearStep, forkStep, mergeStep, refreshStep } from './actions/session.js';
import { transactionStep } from './actions/transaction.js';
import type { Step, World } from './world.js';

/** A step on one of the EntityManagers; after it every instance of every one of them is compared. */
class StepCommand implements fc.AsyncCommand<World, object, true> {
  readonly #step: Step;
  readonly #session: number;

  constructor(step: Step, session: number) {
    this.#step = step;
    this.#session = session;
  }

  check(): Promise<boolean> {
    return Promise.resolve(true);
  }

  async run(world: World): Promise<void> {
    const session = world.sessions[this.#session % world.sessions.length] as World['sessions'][number];
    await this.#step.run({ world, session, db: world.db });
    world.check();
  }

  toString(): string {
    return `em${this.#session}: ${this.#step.text}`;
  }
}

const WEIGHTS: readonly (readonly [number, fc.Arbitrary<Step>])[] = [
  [6, createStep],
  [6, changeStep],
  [1, assignStep],
  [1, mendStep],
  [3, teamStep],
  [6, collectionStep],
  [3, removeStep],
  [1, persistStep],
  [3, findStep],
  [2, findOneStep],
  [2, loadStep],
  [6, flushStep],
  [1, refreshStep],
  [2, patchStep],
  [1, clearStep],
  [1, mergeStep],
  [1, forkStep],
  [3, transactionStep],
];

const step = fc.oneof(...WEIGHTS.map(([weight, arbitrary]) => ({ weight, arbitrary })));

export const commands = fc.commands<World, object, true>(
  [fc.tuple(step, fc.nat(5)).map(([one, session]) => new StepCommand(one, session))],
  { maxCommands: 40, size: 'max' },
);
