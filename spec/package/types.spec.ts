import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { diagnosticsOf, programOf } from '../support/type-check.js';
import { type Consumer, installInto } from './support/consumer.js';

/** Each test is a run of the compiler over the declarations, slow on a busy machine. */
jest.setTimeout(180_000);

const { ModuleKind, ModuleResolutionKind, ScriptTarget } = ts;

let consumer: Consumer;
beforeAll(async () => {
  consumer = await installInto('types', ['@types/node', '@types/ws']);
  for (const extension of ['mts', 'cts']) {
    copyFileSync(join(consumer.folder, 'consumer.ts'), join(consumer.folder, `consumer.${extension}`));
  }
});
afterAll(() => consumer.remove());

/**
 * What the compiler has to say of the consumer and of the package's own declarations, which no `skipLibCheck` hides; those of
 * TypeScript and of Node are theirs.
 */
function check(options: ts.CompilerOptions, names: readonly string[]): readonly string[] {
  const files = names.map((name) => join(consumer.folder, name));
  const program = programOf(files, {
    target: ScriptTarget.ES2022,
    lib: ['lib.es2022.d.ts', 'lib.dom.d.ts'],
    strict: true,
    noEmit: true,
    types: ['node'],
    typeRoots: [join(consumer.folder, 'node_modules', '@types')],
    ...options,
  });
  const own = program.getSourceFiles().map(({ fileName }) => fileName);
  const declarations = own.filter((name) => name.includes('/node_modules/reverie-orm/'));
  expect(declarations.length).toBeGreaterThan(100);
  const found = [...files, ...declarations].flatMap((name) => diagnosticsOf(program, name));
  return [...program.getOptionsDiagnostics(), ...program.getGlobalDiagnostics(), ...found].map(
    ({ file, messageText }) => `${file?.fileName ?? ''} ${ts.flattenDiagnosticMessageText(messageText, '\n')}`,
  );
}

const dialects = [
  ['legacy', { experimentalDecorators: true, emitDecoratorMetadata: true }],
  ['standard', { experimentalDecorators: false }],
] as const;

test.each(dialects)('types resolve from ES modules and CommonJS with %s decorators', (_name, dialect) => {
  const node = { module: ModuleKind.NodeNext, moduleResolution: ModuleResolutionKind.NodeNext, ...dialect };
  expect(check(node, ['consumer.mts', 'consumer.cts'])).toEqual([]);
});

test('types resolve with the resolution of older CommonJS projects', () => {
  const old = {
    module: ModuleKind.CommonJS,
    moduleResolution: ModuleResolutionKind.Node10,
    experimentalDecorators: true,
  };
  expect(check(old, ['consumer.ts'])).toEqual([]);
});

test('types resolve for bundlers', () => {
  const bundler = {
    module: ModuleKind.ESNext,
    moduleResolution: ModuleResolutionKind.Bundler,
    experimentalDecorators: true,
  };
  expect(check(bundler, ['consumer.ts'])).toEqual([]);
});
