import { answer, answerEmpty } from './http-answer.js';
import type { HttpExchange } from './http-endpoint.js';

/** The engine's answer to `version`; asked of the engine when it is open, since it alone knows. */
export async function versionOf({ response, host }: HttpExchange): Promise<void> {
  const version = await host.version();
  answer(response, 200, 'text/plain; charset=utf-8', `surrealdb-${version}`);
}

/** Says that the process is alive, whatever the engine does. */
export function statusOf({ response }: HttpExchange): Promise<void> {
  answerEmpty(response, 200);
  return Promise.resolve();
}

/** Says whether the store can be used; waits for it while it is opening. */
export async function healthOf({ response, host }: HttpExchange): Promise<void> {
  const healthy = await host.ready.then(
    () => true,
    () => false,
  );
  answerEmpty(response, healthy ? 200 : 500);
}
