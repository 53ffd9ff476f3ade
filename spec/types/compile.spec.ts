import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { diagnosticsOf, programOf } from '../support/type-check.js';

/**
 * The fixtures say with `@ts-expect-error` what must not compile; an expectation that is not met is a diagnostic itself, so
 * zero diagnostics mean that every line holds. Both decorator dialects compile the same files.
 */
const FIXTURES = join(__dirname, 'fixtures');
const files = readdirSync(FIXTURES).map((name) => join(FIXTURES, name));

/**
 * A little above what the fixtures cost today (198,500, of which 9,500 are for `omit`, another type parameter of each read): much
 * more means that a type has begun to recurse.
 */
const INSTANTIATIONS = 208_000;

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts', 'lib.esnext.decorators.d.ts', 'lib.dom.d.ts'],
  strict: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: true,
  types: [],
  noEmit: true,
};

const compile = (more: ts.CompilerOptions = {}): ts.Program =>
  programOf(files, { ...OPTIONS, experimentalDecorators: true, ...more });

/** Problems of the fixtures and of what they import from the type layer. */
function problems(program: ts.Program): string[] {
  const rooms = /\/(lib\/(types|metadata|decorators)|spec\/types)\//;
  const sources = program.getSourceFiles().filter((file) => rooms.test(file.fileName));
  return sources
    .flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)])
    .map(text);
}

function text(diagnostic: ts.Diagnostic): string {
  const { file, start, messageText } = diagnostic;
  const line = file === undefined || start === undefined ? 0 : file.getLineAndCharacterOfPosition(start).line + 1;
  return `${file?.fileName.replace(/.*\/(?=lib|spec)/, '')}:${line} ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
}

/** What the compiler says of a file that is not on the disk. */
function problemsOfSource(source: string): readonly string[] {
  const wrong = join(FIXTURES, '..', 'wrong.ts');
  const program = programOf([wrong], { ...OPTIONS, experimentalDecorators: true }, new Map([[wrong, source]]));
  return diagnosticsOf(program, wrong).map(text);
}

describe('what compiles and what does not', () => {
  test('legacy decorators', () => {
    const program = compile();
    expect(problems(program)).toEqual([]);
    expect(program.getInstantiationCount()).toBeLessThan(INSTANTIATIONS);
  }, 120_000);

  // The library itself has no decorated classes: the options of an application change nothing but what is written there.
  test.each<[string, ts.CompilerOptions]>([
    ['standard decorators', { experimentalDecorators: false }],
    ['exactOptionalPropertyTypes', { exactOptionalPropertyTypes: true }],
    ['useDefineForClassFields: false', { useDefineForClassFields: false, emitDecoratorMetadata: true }],
  ])(
    'under %s too',
    (_name, options) => {
      const program = compile(options);
      expect(files.flatMap((file) => diagnosticsOf(program, file)).map(text)).toEqual([]);
      expect(program.getInstantiationCount()).toBeLessThan(INSTANTIATIONS);
    },
    120_000,
  );

  test('a relation that is written as in other ORMs is told the type to write', () => {
    const found = problemsOfSource(
      [
        "import { Id, Relation, type Link, type RecordId } from '../../lib/index.js';",
        "class A { @Id() id!: RecordId<'a'>; }",
        'class B {',
        '  @Relation(() => A) one!: A;',
        '  @Relation(() => A, { many: true }) several!: A[];',
        '  @Relation(() => A) other!: Link<B>;',
        '}',
        'export { B };',
      ].join('\n'),
    );
    expect(found).toEqual([
      expect.stringMatching(/:4 .*the property of a relation is a Link<…>/s),
      expect.stringMatching(/:5 .*the property of a relation to many is a Links<…>/s),
      expect.stringMatching(/:6 .*the link leads to another class/s),
    ]);
  }, 120_000);

  test('the harness notices a line that should not compile, and one that should', () => {
    const found = problemsOfSource(
      "import { Field } from '../../lib/decorators/index.js';\nclass A {\n  @Field('int') a!: string;\n  // @ts-expect-error nothing is wrong\n  @Field('int') b!: number;\n}\nexport { A };\n",
    );
    expect(found).toHaveLength(2);
    expect(found[0]).toMatch(/wrong\.ts:3 .*the property holds values that the field does not/s);
    expect(found[1]).toMatch(/wrong\.ts:4 Unused '@ts-expect-error'/);
  }, 120_000);
});
