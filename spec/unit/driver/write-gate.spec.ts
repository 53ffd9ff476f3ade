import { WriteGate } from '../../../lib/driver/embedded/write-gate.js';

const pause = () => new Promise<void>((resolve) => setImmediate(resolve));

async function mostAtOnce(gate: WriteGate): Promise<{ most: number; order: number[] }> {
  let now = 0;
  let most = 0;
  const order: number[] = [];
  await Promise.all(
    Array.from({ length: 20 }, (_, at) =>
      gate.run(async () => {
        order.push(at);
        now += 1;
        most = Math.max(most, now);
        await pause();
        now -= 1;
      }),
    ),
  );
  return { most, order };
}

describe('WriteGate', () => {
  it('admits one at a time in the order of arrival', async () => {
    const { most, order } = await mostAtOnce(new WriteGate());
    expect(most).toBe(1);
    expect(order).toEqual(Array.from({ length: 20 }, (_, at) => at));
  });

  it('lets everything through when it is open', async () => {
    const { most } = await mostAtOnce(WriteGate.open());
    expect(most).toBe(20);
  });

  it('passes results and failures on, and goes on after a failure', async () => {
    const gate = new WriteGate();
    const failed = gate.run(() => Promise.reject(new Error('conflict')));
    const thrown = gate.run(() => {
      throw new Error('at once');
    });
    const next = gate.run(() => Promise.resolve(7));
    await expect(failed).rejects.toThrow('conflict');
    await expect(thrown).rejects.toThrow('at once');
    await expect(next).resolves.toBe(7);
  });
});
