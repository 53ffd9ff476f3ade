import { type Consumer, installInto, tool } from './support/consumer.js';

jest.setTimeout(180_000);

describe('the published package', () => {
  let consumer: Consumer | undefined;
  afterEach(() => consumer?.remove());

  test('serves a NestJS-style CommonJS application and its Jest, without flags', async () => {
    consumer = await installInto('nest-style', ['@swc/jest']);
    const output = await consumer.node(tool('jest/bin/jest.js'));
    expect(output).toMatch(/Tests: +3 passed, 3 total/);
  });

  test('serves an ES module: every entry, all three transports', async () => {
    consumer = await installInto('esm');
    expect(await consumer.node('main.js')).toContain('esm: ok');
  });

  test('compiles migrations and the entities they use on the way, in plain Node', async () => {
    consumer = await installInto('plain-migrations');
    expect(await consumer.node('main.js')).toContain('plain migrations: ok');
  });

  test('may be loaded twice: ESM and CommonJS copies understand each other', async () => {
    consumer = await installInto('both-copies');
    expect(await consumer.node('main.js')).toContain('both copies: ok');
  });
});
