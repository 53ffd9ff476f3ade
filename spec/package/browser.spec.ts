import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { build } from 'esbuild';
import { type Consumer, installInto } from './support/consumer.js';

jest.setTimeout(120_000);

let consumer: Consumer;
beforeAll(async () => {
  consumer = await installInto('browser');
});
afterAll(() => consumer.remove());

test('the root bundles for browsers without Node builtins, and loads there', async () => {
  const { outputFiles, metafile } = await build({
    entryPoints: [join(consumer.folder, 'main.js')],
    bundle: true,
    write: false,
    metafile: true,
    platform: 'browser',
    format: 'iife',
    target: 'es2022',
    logLevel: 'silent',
  });
  const imported = Object.values(metafile.inputs).flatMap((input) => input.imports);
  const left = imported.filter((entry) => entry.external === true && entry.path !== '<runtime>');
  expect(left).toEqual([]);
  expect(Object.keys(metafile.inputs).filter((file) => /node_modules\/ws\//.test(file))).toEqual([]);

  const [bundle] = outputFiles;
  const page = createContext({
    TextDecoder,
    TextEncoder,
    URL,
    crypto,
    performance,
    setTimeout,
    clearTimeout,
    queueMicrotask,
  });
  runInContext(bundle?.text ?? '', page);
  expect(page['exported']).toEqual(expect.arrayContaining(['Reverie', 'RecordId', 'Table', 'surql']));
});
