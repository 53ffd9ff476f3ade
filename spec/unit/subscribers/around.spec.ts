import { runAround, type AroundCall } from '../../../lib/subscribers/around.js';
import type { Next } from '../../../lib/subscribers/index.js';

const tick = () => new Promise((resolve) => setImmediate(resolve));
const call = (label: string, run: (next: Next) => unknown): AroundCall => ({ label, run });
const passing = (label: string, log: string[]) =>
  call(label, async (next) => {
    log.push(`${label} in`);
    await next();
    log.push(`${label} out`);
  });

describe('runAround', () => {
  it('nests the hooks, the first outermost', async () => {
    const log: string[] = [];
    const failures = await runAround([passing('a', log), passing('b', log)], async () => void log.push('request'));
    expect(log).toEqual(['a in', 'b in', 'request', 'b out', 'a out']);
    expect(failures).toEqual([]);
  });

  it('is vetoed by a hook that throws before next', async () => {
    const error = new Error('no');
    const log: string[] = [];
    const veto = call('veto', () => {
      throw error;
    });
    await expect(runAround([passing('a', log), veto], async () => void log.push('request'))).rejects.toBe(error);
    expect(log).toEqual(['a in']);
  });

  it('fails with what a hook makes of the request error', async () => {
    const request = new Error('request');
    const translated = new Error('translated', { cause: request });
    const translate = call('t', (next) => next().catch(() => Promise.reject(translated)));
    await expect(runAround([translate], () => Promise.reject(request))).rejects.toBe(translated);
  });

  it('fails with the request even where a hook swallows its error', async () => {
    const error = new Error('request');
    const swallow = call('s', (next) => next().catch(() => undefined));
    await expect(runAround([swallow], () => Promise.reject(error))).rejects.toBe(error);
  });

  it('is vetoed even where an outer hook swallows the veto', async () => {
    const error = new Error('veto');
    let sent = false;
    const swallow = call('s', (next) => next().catch(() => undefined));
    const veto = call('v', () => Promise.reject(error));
    await expect(runAround([swallow, veto], async () => void (sent = true))).rejects.toBe(error);
    expect(sent).toBe(false);
  });

  it('refuses a hook that never calls next', async () => {
    let sent = false;
    const run = runAround([call('Audit.aroundSave', () => undefined)], async () => void (sent = true));
    await expect(run).rejects.toMatchObject({
      code: 'SUBSCRIBER',
      message: expect.stringContaining('Audit.aroundSave returned without calling next()'),
    });
    expect(sent).toBe(false);
  });

  it('refuses next after the hook has returned, and sends nothing then', async () => {
    let sent = false;
    let late: Promise<unknown> = Promise.resolve();
    const hook = call('late', (next) => {
      setImmediate(() => (late = next().catch((error: unknown) => error)));
    });
    await expect(runAround([hook], async () => void (sent = true))).rejects.toMatchObject({ code: 'SUBSCRIBER' });
    await tick();
    await tick();
    expect(await late).toMatchObject({ message: expect.stringContaining('after it had returned') });
    expect(sent).toBe(false);
  });

  it('sends once and names the hook that calls next twice', async () => {
    let sent = 0;
    const twice = call('twice', async (next) => {
      await next();
      await next();
    });
    const failures = await runAround([twice], async () => void sent++);
    expect(sent).toBe(1);
    expect(failures).toEqual([{ label: 'twice', error: expect.objectContaining({ code: 'SUBSCRIBER' }) }]);
    expect((failures[0]?.error as Error).message).toMatch(/twice called next\(\) twice/);
  });

  it('does not send twice where the second call comes before the first is done, nor leave a rejection unhandled', async () => {
    let sent = 0;
    const twice = call('twice', (next) => {
      void next();
      void next();
    });
    const failures = await runAround([twice], async () => (await tick(), void sent++));
    expect(sent).toBe(1);
    expect(failures).toHaveLength(1);
    await tick();
  });

  it('waits for the request where a hook does not', async () => {
    const log: string[] = [];
    const careless = call('careless', (next) => void next());
    await runAround([careless], async () => (await tick(), void log.push('request')));
    expect(log).toEqual(['request']);
  });

  it('waits for the request before it says that a hook threw beside it', async () => {
    const log: string[] = [];
    const error = new Error('beside');
    const hook = call('beside', (next) => {
      void next();
      throw error;
    });
    const failures = await runAround([hook], async () => (await tick(), void log.push('request')));
    expect(log).toEqual(['request']);
    expect(failures).toEqual([{ label: 'beside', error }]);
  });

  it('keeps what hooks throw after a request that succeeded from looking like its failure', async () => {
    const error = new Error('after');
    const log: string[] = [];
    const failing = call('failing', async (next) => {
      await next();
      throw error;
    });
    const failures = await runAround([passing('outer', log), failing], async () => undefined);
    expect(failures).toEqual([{ label: 'failing', error }]);
    expect(log).toEqual(['outer in', 'outer out']);
  });

  it('stands 20,000 hooks that call next synchronously', async () => {
    let sent = 0;
    const hooks = Array.from({ length: 20_000 }, (_, i) => call(String(i), (next) => next()));
    expect(await runAround(hooks, async () => void sent++)).toEqual([]);
    expect(sent).toBe(1);
  });
});
