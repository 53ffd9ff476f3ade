import { connect, type ConnectOptions } from '../../lib/driver/connect.js';
import { AUTH } from './chaos-world.js';

/** Milliseconds that a connection to a server of this machine takes while nothing else is running. */
const QUIET = 100;
const SAMPLES = 5;
/** Beyond it a round would take minutes. */
const MOST = 20;

/** Deadlines so short that a round does not take minutes, for a machine that is so many times slower than a quiet one. */
export function impatience(slowness: number) {
  const scaled = (milliseconds: number) => Math.ceil(milliseconds * slowness);
  return {
    timeout: scaled(4_000),
    connect: { timeout: scaled(1_500), attempts: 4 },
    ping: { interval: scaled(150), timeout: scaled(150) },
    reconnect: { longestPause: scaled(300) },
  } as const satisfies ConnectOptions;
}

/** How busy this machine is with other things. */
export async function slownessOf(url: string): Promise<number> {
  let longest = 0;
  for (let sample = 0; sample < SAMPLES; sample += 1) {
    const started = performance.now();
    await (await connect(url, { auth: AUTH, timeout: 0, connect: { timeout: 120_000 } })).close();
    longest = Math.max(longest, performance.now() - started);
  }
  return Math.min(Math.max(1, longest / QUIET), MOST);
}
