import { elementsOf, readText, walkMap } from './cbor-walk.js';
import { uuidOf } from './request-envelope.js';

/** The ids of the live queries that an answer of the engine announces: `live` answers with one, `query` with any number. */
export function liveIdsIn(answer: Uint8Array): readonly Uint8Array[] {
  const statements = elementsOf(answer, 0);
  if (statements === undefined) return present([uuidOf(answer)]);
  return present(statements.map((start) => liveIdAt(answer, start)));
}

/** The result of a statement's entry that says of itself that it is of the type `live`. */
function liveIdAt(answer: Uint8Array, start: number): Uint8Array | undefined {
  let live = false;
  let result: Uint8Array | undefined;
  walkMap(answer, start, (key, from, to) => {
    if (key === 'type') live = readText(answer, from) === 'live';
    if (key === 'result') result = answer.subarray(from, to);
  });
  return live && result !== undefined ? uuidOf(result) : undefined;
}

function present<T>(values: readonly (T | undefined)[]): readonly T[] {
  return values.filter((value) => value !== undefined);
}
