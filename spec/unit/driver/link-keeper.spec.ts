import { pauseAfter } from '../../../lib/driver/reconnect/backoff.js';
import { LinkKeeper, type LinkKeeperOptions } from '../../../lib/driver/reconnect/link-keeper.js';
import { AuthenticationError, ConnectionError } from '../../../lib/errors/index.js';

const unreachable = () => new ConnectionError({ what: 'nobody there' });
const refused = () => new AuthenticationError({ what: 'no' });

function world(options: Partial<LinkKeeperOptions<string>> = {}) {
  const log: string[] = [];
  const answers: (string | Error)[] = [];
  let wanted = false;
  let tries = 0;
  const keeper: LinkKeeper<string> = new LinkKeeper<string>({
    connect: async () => {
      tries += 1;
      const answer = answers.shift() ?? `link ${tries}`;
      if (answer instanceof Error) throw answer;
      return answer;
    },
    patience: 2,
    attempts: 3,
    longestPause: 10,
    isWanted: () => wanted,
    closedError: () => new ConnectionError({ what: 'closed' }),
    events: {
      connected: (link) => log.push(`connected ${link}`),
      reconnecting: (attempt) => log.push(`reconnecting ${attempt}`),
      failed: (attempt) => log.push(`failed ${attempt}`),
      gaveUp: (error) => log.push(`gave up: ${(error as Error).message.split('\n')[0]}`),
    },
    ...options,
  });
  return { keeper, log, answers, want: (value: boolean) => (wanted = value), tries: () => tries };
}

const until = async (holds: () => boolean) => {
  for (let at = 0; !holds() && at < 200; at += 1) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(holds()).toBe(true);
};

it('makes one link for all who ask, and keeps it', async () => {
  const { keeper, tries, log } = world();
  expect(await Promise.all([keeper.get(), keeper.get(), keeper.get()])).toEqual(['link 1', 'link 1', 'link 1']);
  expect(await keeper.get()).toBe('link 1');
  expect([tries(), keeper.state, log]).toEqual([1, 'connected', ['connected link 1']]);
});

it('lets a call sit through as many failures as it has patience for', async () => {
  const { keeper, answers, log } = world();
  answers.push(unreachable(), unreachable());
  await expect(keeper.get()).rejects.toThrow('nobody there');
  expect(log).toEqual(['failed 1', 'gave up: nobody there']);
  expect(keeper.state).toBe('idle');
  answers.push(unreachable());
  expect(await keeper.get()).toBe('link 4');
});

it('does not try again what was refused', async () => {
  const { keeper, answers, tries } = world();
  answers.push(refused());
  await expect(keeper.get()).rejects.toThrow('no');
  expect(tries()).toBe(1);
});

it('comes back by itself only where it is wanted, and tells of each attempt', async () => {
  const { keeper, answers, log, want } = world();
  await keeper.get();
  expect(keeper.lost('another')).toBe(false);
  expect(keeper.lost('link 1')).toBe(true);
  keeper.recover();
  expect(keeper.state).toBe('idle');
  want(true);
  answers.push(unreachable());
  keeper.recover();
  await until(() => keeper.state === 'connected');
  expect(log).toEqual(['connected link 1', 'reconnecting 1', 'failed 1', 'reconnecting 2', 'connected link 3']);
});

it('gives its own wish up after as many attempts as it may make, and answers the next call all the same', async () => {
  const { keeper, answers, log, want } = world();
  await keeper.get();
  want(true);
  answers.push(unreachable(), unreachable(), unreachable());
  keeper.lost('link 1');
  keeper.recover();
  await until(() => log.at(-1) === 'gave up: nobody there');
  expect(log.filter((each) => each.startsWith('reconnecting'))).toHaveLength(3);
  expect(await keeper.get()).toBe('link 5');
});

it('cuts a long pause short for a call', async () => {
  const { keeper, answers, want } = world({ longestPause: 60_000, attempts: Infinity });
  await keeper.get();
  want(true);
  answers.push(...Array.from({ length: 20 }, unreachable));
  keeper.lost('link 1');
  keeper.recover();
  await until(() => answers.length <= 17);
  answers.length = 0;
  const started = performance.now();
  await keeper.get();
  expect(performance.now() - started).toBeLessThan(400);
});

it('tells whoever waits that it is closed, and makes nothing any more', async () => {
  const { keeper, answers, tries } = world({ patience: 100 });
  answers.push(unreachable());
  const waiting = keeper.get();
  await until(() => keeper.state === 'waiting');
  expect(await keeper.close()).toBeUndefined();
  await expect(waiting).rejects.toThrow('closed');
  await expect(keeper.get()).rejects.toThrow('closed');
  expect(tries()).toBe(1);
});

it('pauses longer each time, never longer than it may, and never twice alike for all', () => {
  const pauses = (random: number) =>
    [1, 2, 3, 9].map((failures) => pauseAfter(failures, { longest: 1_000, random: () => random }));
  expect(pauses(0)).toEqual([100, 200, 400, 500]);
  expect(pauses(1)).toEqual([200, 400, 800, 1_000]);
});
