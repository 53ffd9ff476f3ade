import { Uuid } from '../../values/index.js';
import { decode, encode } from '../codec/index.js';
import type { AddonEngine } from './addon.js';

export type EngineCall = (method: string, ...params: readonly unknown[]) => Promise<unknown>;

/** Calls an engine in a session of its own, past whatever the application's sessions are set to. */
export async function inClosingSession(engine: AddonEngine, work: (call: EngineCall) => Promise<void>): Promise<void> {
  const session = Uuid.v4();
  const call: EngineCall = async (method, ...params) =>
    decode(await engine.execute(encode({ method, params, session })));
  await call('attach');
  await work(call);
  await call('detach');
}
