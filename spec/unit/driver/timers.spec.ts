import { Nap } from '../../../lib/driver/reconnect/nap.js';
import { after, deadline, pause } from '../../../lib/driver/timers.js';

/** What a timer of the platform takes at most; one more and it would fire at once. */
const LONGEST = 2 ** 31 - 1;
const DAYS_90 = 90 * 24 * 3_600_000;

describe('a timer', () => {
  beforeEach(() => jest.useFakeTimers({ doNotFake: ['performance'] }));
  afterEach(() => jest.useRealTimers());

  const waits = (): number[] =>
    (setTimeout as unknown as jest.SpyInstance).mock.calls.map(([, wait]) => wait as number);

  it.each([
    ['after', (done: () => void) => after(DAYS_90, done)],
    ['deadline', (done: () => void) => deadline(DAYS_90, done)],
    ['pause', (done: () => void) => void pause(DAYS_90).then(done)],
    ['Nap', (done: () => void) => void new Nap(DAYS_90).over.then(done)],
  ])('may be longer than the platform has it: %s', async (_name, begin) => {
    const spied = jest.spyOn(globalThis, 'setTimeout');
    const done = jest.fn();
    begin(done);
    await jest.advanceTimersByTimeAsync(DAYS_90 - 1);
    expect(done).not.toHaveBeenCalled();
    await jest.advanceTimersByTimeAsync(1);
    expect(done).toHaveBeenCalledTimes(1);
    expect(Math.max(...waits())).toBe(LONGEST);
    spied.mockRestore();
  });

  it('is called off, in whichever part of a long wait', async () => {
    const done = jest.fn();
    const cancels = [after(DAYS_90, done), deadline(DAYS_90, done)];
    await jest.advanceTimersByTimeAsync(LONGEST + 1);
    for (const cancel of cancels) cancel();
    await jest.advanceTimersByTimeAsync(DAYS_90);
    expect(done).not.toHaveBeenCalled();
    expect(jest.getTimerCount()).toBe(0);
  });

  it('of 0 never comes, and as a deadline at once; of Infinity neither does', async () => {
    const called: string[] = [];
    after(0, () => called.push('after'));
    deadline(0, () => called.push('deadline'));
    for (const start of [after, deadline]) start(Infinity, () => called.push('infinite'));
    await jest.advanceTimersByTimeAsync(DAYS_90);
    expect(called).toEqual(['deadline']);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('of a nap is cut short, by a shorter one too', async () => {
    const [hurried, ended] = [new Nap(DAYS_90), new Nap(DAYS_90)];
    const done: string[] = [];
    void hurried.over.then(() => done.push('hurried'));
    void ended.over.then(() => done.push('ended'));
    hurried.hurry(50);
    ended.end();
    await jest.advanceTimersByTimeAsync(49);
    expect(done).toEqual(['ended']);
    await jest.advanceTimersByTimeAsync(1);
    expect(done).toEqual(['ended', 'hurried']);
    expect(jest.getTimerCount()).toBe(0);
  });
});
