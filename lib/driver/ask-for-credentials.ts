import { ConnectionError, ReverieError, TimeoutError } from '../errors/index.js';
import { assertCredentials, type Credentials } from './credentials.js';
import { thrownText } from './thrown.js';
import { after } from './timers.js';

/**
 * Calls the function that `auth` is. What it throws is a passing trouble, of a vault that cannot be reached: it is asked again as a
 * server is that cannot be reached. An error of Reverie's says more and stays what it is.
 *
 * @param timeout milliseconds
 */
export async function askForCredentials(
  ask: () => Credentials | Promise<Credentials>,
  timeout: number,
): Promise<Credentials> {
  let cancel: () => void = () => undefined;
  const late = new Promise<never>((_, reject) => {
    cancel = after(timeout, () => reject(noAnswer(timeout)));
  });
  try {
    const given: unknown = await Promise.race([Promise.resolve().then(ask), late]);
    // Nothing given would be nobody signed in: anonymous, and of an embedded engine the owner.
    assertCredentials(given);
    return given;
  } catch (error) {
    if (ReverieError.is(error)) throw error;
    throw new ConnectionError({
      what: 'The function given as `auth` gave no credentials',
      why: thrownText(error),
      outcome: 'not-sent',
      cause: error,
    });
  } finally {
    cancel();
  }
}

function noAnswer(timeout: number): TimeoutError {
  return new TimeoutError({
    what: `The function given as \`auth\` gave no credentials within ${timeout} ms`,
    fix: ['let it fail sooner where it waits for others', 'give it more time: connect.timeout'],
    outcome: 'not-sent',
  });
}
