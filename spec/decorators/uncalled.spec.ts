import { MetadataError, Reverie } from '../../lib/index.js';
import type { SubscriberClass } from '../../lib/subscribers/index.js';
import { COMPILERS, runSource, type Compiler } from './compilers.js';

const PROPERTY = (
  'Computed ConcurrencyCheck CreatedAt Encrypted Field Hidden Id In Out Relation SoftDelete Unique UpdatedAt VectorField ' +
  'Version'
).split(' ');
const METHOD =
  'AfterCreate AfterDelete AfterSave AfterUpdate BeforeCreate BeforeDelete BeforeSave BeforeUpdate OnLoad Transactional'.split(
    ' ',
  );
const CLASS = 'Access Analyzer Event Filter FullText Index Table View'.split(' ');

const imported = (decorator: string): string => `import { ${decorator} } from '../../../lib/index.js';\n`;
const uncalled: readonly (readonly [string, string, string])[] = [
  ...PROPERTY.map((each) => [each, 'name', `class User { @${each} name; }`] as const),
  ...METHOD.map((each) => [each, 'check', `class User { @${each} async check() {} }`] as const),
  ...CLASS.map((each) => [each, 'class User', `@${each} class User {}`] as const),
];

function errorOf(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    return error;
  }
}

/** These check no types, and so let a decorator through that is not called. */
describe.each(COMPILERS.map((each) => [each.name, each] as const))('%s', (_name, compiler: Compiler) => {
  it.each(uncalled)('@%s without parentheses is refused where it stands', (decorator, place, source) => {
    const error = errorOf(() => runSource(compiler, imported(decorator) + source)) as MetadataError;
    expect(error).toBeInstanceOf(MetadataError);
    expect(error.message).toMatch(`@${decorator} stands on ${place} without parentheses`);
    expect(error.message).toMatch(new RegExp(`write: @${decorator}\\(.*\\) ${place}$`));
  });

  it('@Subscriber without parentheses is refused, at the latest when it is registered', async () => {
    const source = `${imported('Subscriber')}@Subscriber class Audit { afterCommit() {} }\nexport { Audit };`;
    const open = async (): Promise<Reverie> => {
      const { Audit } = runSource<{ readonly Audit: SubscriberClass }>(compiler, source);
      return Reverie.init({ url: 'mem://', entities: [], subscribers: [Audit] });
    };
    const error = await open().then(
      (orm) => orm.close(),
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(MetadataError);
    expect((error as MetadataError).message).toMatch(/@Subscriber .*without parentheses.*\n?.*write:? @Subscriber\(\)/);
  });

  it('a static property is told the same', () => {
    const error = errorOf(() => runSource(compiler, `${imported('Field')}class User { @Field static count; }`));
    expect((error as MetadataError).message).toMatch(/^@Field stands on count without parentheses/);
  });
});
