import fc from 'fast-check';
import { em, pick, type Scene, type Step } from '../world.js';

/** Removes an entity; a new one is forgotten. */
export const removeStep: fc.Arbitrary<Step> = fc.nat(40).map((which) => ({
  text: `remove [${which}]`,
  run: async (scene: Scene) => {
    const { session } = scene;
    const one = pick(session.live(), which);
    if (one === undefined) return;
    em(scene).remove(one.entity as object);
    if (one.phase !== 'new') one.phase = 'removed';
    else {
      session.detach(one);
      session.forgotten.add(one.id);
      // What it was to replace is to go nevertheless.
      if (one.replaces !== undefined) session.add(one.replaces);
    }
  },
}));

/** Takes the removal back. */
export const persistStep: fc.Arbitrary<Step> = fc.nat(10).map((which) => ({
  text: `persist removed [${which}]`,
  run: async (scene: Scene) => {
    const removed = [...scene.session.tracked.values()].filter(
      ({ phase, entity }) => phase === 'removed' && entity !== undefined,
    );
    const one = pick(removed, which);
    if (one === undefined) return;
    em(scene).persist(one.entity as object);
    one.phase = 'managed';
  },
}));
