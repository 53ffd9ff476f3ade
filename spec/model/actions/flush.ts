import fc from 'fast-check';
import { expectSame } from '../check.js';
import { flushModel, refused } from '../flush-model.js';
import { readWhatGoes } from './load.js';
import { codeOf, em, type Scene, type Step } from '../world.js';

/** Writes everything, or nothing where something of it is refused; then there is nothing left to write. */
export const FLUSH: Step = { text: 'flush', run: flush };

export const flushStep: fc.Arbitrary<Step> = fc.constant(FLUSH);

export async function flush(scene: Scene): Promise<void> {
  const { world, session } = scene;
  const { subject } = world;
  subject.clear();
  const code = await codeOf(() => em(scene).flush());
  const reads = subject.sent().filter((text) => !text.startsWith('BEGIN'));
  // Before it reads, a flush may be refused for what is linked to.
  if (code === undefined || reads.length > 0) expectSame(reads.length, readWhatGoes(scene) ? 1 : 0, 'reads of a flush');
  const expected = flushModel(session, world.db);
  const outcome = expected.mayDangle && code === 'VALIDATION' ? refused(new Set(['VALIDATION'])) : expected;
  const allowed = [...outcome.refusals];
  if (code !== undefined || allowed.length > 0)
    expectSame(allowed.includes(code as never), true, `a flush that ends with ${String(code)}, not ${allowed.join()},`);
  else expectSame(subject.sent().length - reads.length, outcome.isEmpty ? 0 : 1, 'requests of a flush');
  await world.commit(outcome, session);
  world.check();
  if (code !== undefined) return;
  subject.clear();
  await em(scene).flush();
  expectSame(subject.sent(), [], 'what a second flush sends');
}
