import type { QueryRequest, StatementResult } from '../../../lib/driver/driver.js';
import { StatementBatch } from '../../../lib/entity-manager/statement-batch.js';
import { returnStatement, value } from '../../../lib/surrealql/nodes/index.js';

type Session = ConstructorParameters<typeof StatementBatch>[0];

/** Answers each request with what it is told to, and remembers the texts. */
function batchOver(answer: (statements: number) => readonly StatementResult[] | Error) {
  const texts: string[] = [];
  const execute = (request: QueryRequest) => {
    texts.push(request.text);
    const results = answer(request.text.split(';').filter((text) => text.trim() !== '').length);
    return results instanceof Error ? Promise.reject(results) : Promise.resolve(results);
  };
  const session = { driver: { execute }, core: { printing: {} } } as unknown as Session;
  return { batch: new StatementBatch(session), texts };
}

const ok = (result: unknown): StatementResult => ({ ok: true, value: result, time: '' });
const failed = (message: string): StatementResult => ({ ok: false, error: { message }, time: '' });
const one = () => returnStatement(value(1));

describe('StatementBatch', () => {
  it('sends what one tick asks for as one request, awaits in between included', async () => {
    const { batch, texts } = batchOver((count) => Array.from({ length: count }, (_, index) => ok(index)));
    const late = async () => {
      await Promise.resolve();
      await Promise.resolve();
      return batch.run(one);
    };
    expect(await Promise.all([batch.run(one), late(), batch.run(one)])).toEqual([0, 2, 1]);
    expect(texts).toHaveLength(1);
  });

  it('sends what a later tick asks for by itself', async () => {
    const { batch, texts } = batchOver(() => [ok('x')]);
    await batch.run(one);
    await batch.run(one);
    expect(texts).toHaveLength(2);
  });

  it('a failing statement fails for itself', async () => {
    const { batch } = batchOver(() => [ok('a'), failed('no'), ok('c')]);
    const settled = await Promise.allSettled([batch.run(one), batch.run(one), batch.run(one)]);
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect((settled[1] as PromiseRejectedResult).reason).toMatchObject({
      message: expect.stringContaining('no') as string,
      index: 1,
    });
  });

  it('a lost request fails for all, and the next one goes out', async () => {
    let lost = true;
    const { batch } = batchOver(() => (lost ? new Error('gone') : [ok(1)]));
    const settled = await Promise.allSettled([batch.run(one), batch.run(one)]);
    expect(settled.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    lost = false;
    expect(await batch.run(one)).toBe(1);
  });
});
