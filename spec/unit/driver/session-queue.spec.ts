import { SessionQueue, sessionAccessOf } from '../../../lib/driver/session-queue.js';

interface Job {
  readonly name: string;
  readonly end: () => void;
}

function harness(queue: SessionQueue) {
  const running: string[] = [];
  const log: string[] = [];
  const jobs = new Map<string, Job>();
  const add = (name: string, access: 'shared' | 'exclusive') => {
    let end = (): void => undefined;
    const gate = new Promise<void>((resolve) => (end = resolve));
    jobs.set(name, { name, end });
    return queue.run(access, async () => {
      running.push(name);
      log.push(running.join('+'));
      await gate;
      running.splice(running.indexOf(name), 1);
    });
  };
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  const end = async (name: string) => {
    jobs.get(name)?.end();
    await settle();
  };
  return { running, log, add, end, settle };
}

describe('SessionQueue', () => {
  it('runs shared work together and exclusive work alone, nobody overtaking', async () => {
    const { running, add, end, settle } = harness(new SessionQueue());
    const all = [
      add('query1', 'shared'),
      add('query2', 'shared'),
      add('let', 'exclusive'),
      add('query3', 'shared'),
      add('use', 'exclusive'),
    ];
    await settle();
    expect(running).toEqual(['query1', 'query2']);
    await end('query1');
    expect(running).toEqual(['query2']);
    await end('query2');
    expect(running).toEqual(['let']);
    await end('let');
    expect(running).toEqual(['query3']);
    await end('query3');
    expect(running).toEqual(['use']);
    await end('use');
    await Promise.all(all);
  });

  it('goes on after a failure and reports it to its caller', async () => {
    const queue = new SessionQueue();
    const failing = queue.run('exclusive', () => Promise.reject(new Error('refused')));
    const next = queue.run('shared', () => Promise.resolve('ran'));
    await expect(failing).rejects.toThrow('refused');
    await expect(next).resolves.toBe('ran');
    expect(queue.size).toBe(0);
  });

  it('starts requests in the order they came', async () => {
    const queue = new SessionQueue();
    const order: number[] = [];
    const runs = Array.from({ length: 200 }, (_, at) =>
      queue.run(at % 3 === 0 ? 'exclusive' : 'shared', async () => {
        order.push(at);
        await Promise.resolve();
      }),
    );
    await Promise.all(runs);
    expect(order).toEqual(Array.from({ length: 200 }, (_, at) => at));
  });

  it('never lets an exclusive request overlap another, in any mix', async () => {
    const queue = new SessionQueue();
    let shared = 0;
    let exclusive = 0;
    let broken = 0;
    await Promise.all(
      Array.from({ length: 500 }, (_, at) => {
        const access = (at * 7919) % 5 === 0 ? 'exclusive' : 'shared';
        return queue.run(access, async () => {
          if (access === 'exclusive') exclusive += 1;
          else shared += 1;
          if (exclusive > 1 || (exclusive === 1 && shared > 0)) broken += 1;
          await new Promise((resolve) => setImmediate(resolve));
          if (access === 'exclusive') exclusive -= 1;
          else shared -= 1;
        });
      }),
    );
    expect(broken).toBe(0);
  });

  it('knows the methods that change a session', () => {
    const exclusive = [
      'use',
      'signin',
      'signup',
      'authenticate',
      'refresh',
      'invalidate',
      'reset',
      'let',
      'set',
      'unset',
      'live',
    ];
    expect(exclusive.map(sessionAccessOf)).toEqual(exclusive.map(() => 'exclusive'));
    expect(['query', 'select', 'begin', 'commit', 'ping'].map(sessionAccessOf)).toEqual(Array(5).fill('shared'));
  });
});
