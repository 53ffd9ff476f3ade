import { UniqueConstraintError } from '../../../lib/errors/index.js';
import { firstError } from '../../../lib/driver/error-classifier.js';
import type { QueryRequest } from '../../../lib/driver/driver.js';
import { RecordingDriver } from '../../../lib/testing/recording-driver.js';

const request = (text: string): QueryRequest => ({ text, bindings: {}, access: 'read', purpose: 'find' });

describe('RecordingDriver', () => {
  it('records requests and answers from its queue, then from its function', async () => {
    const driver = new RecordingDriver({ answer: ({ text }) => RecordingDriver.ok(text.length) }).reply(
      RecordingDriver.ok('queued'),
    );
    expect(await driver.execute(request('a'))).toMatchObject([{ ok: true, value: 'queued' }]);
    expect(await driver.execute(request('bcd'))).toMatchObject([{ ok: true, value: 3 }]);
    expect(driver.texts).toEqual(['a', 'bcd']);
  });

  it('answers faults and errors', async () => {
    const fault = RecordingDriver.fault('Database record `a:1` already exists', { kind: 'AlreadyExists' });
    const driver = new RecordingDriver().reply([fault], new Error('gone'));
    expect(firstError(await driver.execute(request('a')), request('a'))).toBeInstanceOf(UniqueConstraintError);
    await expect(driver.execute(request('b'))).rejects.toThrow('gone');
  });

  it('says which request has no answer', async () => {
    await expect(new RecordingDriver().execute(request('SELECT * FROM a'))).rejects.toThrow('SELECT * FROM a');
  });

  it('follows transactions and live queries', async () => {
    const driver = new RecordingDriver({ answer: () => RecordingDriver.ok() });
    const tx = await driver.begin();
    await tx.execute(request('a'));
    await tx.commit();
    await tx.cancel();
    expect(driver.requests[0]?.transaction).toBe(tx.id);
    expect(driver.transactions).toMatchObject([{ state: 'committed' }]);
    const channel = await driver.live({ text: 'LIVE SELECT * FROM a', bindings: {} });
    const seen: unknown[] = [];
    channel.on(({ action }) => void seen.push(action));
    channel.onEnd((reason) => void seen.push(reason));
    driver.channels[0]?.notify({ action: 'CREATE', record: 1, result: 1 });
    await driver.close();
    await driver.close();
    expect(seen).toEqual(['CREATE', 'closed']);
  });
});
