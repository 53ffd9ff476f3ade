import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Consumer, installInto, tool } from './support/consumer.js';

/** Each test is a run of the compiler over the declarations, slow on a busy machine. */
jest.setTimeout(180_000);

let consumer: Consumer;
beforeAll(async () => {
  consumer = await installInto('types', ['@types/node', '@types/ws']);
  for (const extension of ['mts', 'cts']) {
    copyFileSync(join(consumer.folder, 'consumer.ts'), join(consumer.folder, `consumer.${extension}`));
  }
});
afterAll(() => consumer.remove());

/** One program over the consumer as an ES module and as CommonJS. */
async function check(name: string, options: object, files: readonly string[]): Promise<string> {
  const compilerOptions = {
    target: 'ES2022',
    lib: ['ES2022', 'DOM'],
    strict: true,
    noEmit: true,
    types: ['node'],
    ...options,
  };
  const project = join(consumer.folder, `tsconfig.${name}.json`);
  writeFileSync(project, JSON.stringify({ compilerOptions, files }));
  return consumer.node(tool('typescript/bin/tsc'), '-p', project);
}

const dialects = [
  ['legacy', { experimentalDecorators: true, emitDecoratorMetadata: true }],
  ['standard', { experimentalDecorators: false }],
] as const;

test.each(dialects)('types resolve from ES modules and CommonJS with %s decorators', async (name, dialect) => {
  const node = { module: 'NodeNext', moduleResolution: 'NodeNext', ...dialect };
  expect(await check(name, node, ['consumer.mts', 'consumer.cts'])).toBe('');
});

test('types resolve with the resolution of older CommonJS projects', async () => {
  const old = { module: 'CommonJS', moduleResolution: 'node10', experimentalDecorators: true };
  expect(await check('node10', old, ['consumer.ts'])).toBe('');
});

test('types resolve for bundlers', async () => {
  const bundler = { module: 'ESNext', moduleResolution: 'Bundler', experimentalDecorators: true };
  expect(await check('bundler', bundler, ['consumer.ts'])).toBe('');
});
