import { settingsOf } from '../../../lib/driver/connect-options.js';
import { EmbeddedTransport } from '../../../lib/driver/embedded/embedded-transport.js';
import { fly } from '../../../lib/driver/flight.js';
import { ValidationError } from '../../../lib/errors/index.js';

const LIMITS = { timeout: 0, signal: undefined, name: 'use' };

it('a database without a namespace never reaches the engine, which would abort the process', async () => {
  const transport = new EmbeddedTransport('mem://', settingsOf({}), {
    prepare: () => Promise.resolve(),
    notify: () => undefined,
    lost: () => undefined,
    resubscribe: () => Promise.resolve(),
    isWanted: () => false,
    needs: () => false,
    gaveUp: () => undefined,
    connected: () => undefined,
    tell: () => undefined,
  });
  const use = (...params: unknown[]) =>
    fly(LIMITS, (flight) => transport.call({ method: 'use', params, access: 'write' }, flight));
  for (const namespace of [undefined, null, 1]) {
    await expect(use(namespace, 'app')).rejects.toBeInstanceOf(ValidationError);
  }
  await use('app', 'app');
  await transport.close();
});
