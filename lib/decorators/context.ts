import 'reflect-metadata';
import { MetadataError } from '../errors/index.js';
import { isStandard, type StandardContext } from '../metadata/decorator-factory.js';
import type { StagedClass, StagedDeclaration } from '../metadata/staged.js';
import { metadataSymbol, stage } from '../metadata/staging.js';

metadataSymbol();

/** Where a member decorator stands. */
interface Member {
  readonly staged: StagedClass;
  readonly name: string;
}

/** Runs `declare` for a decorated property, whichever dialect calls. */
export function stageProperty(
  args: readonly unknown[],
  decorator: string,
  declare: (property: string) => StagedDeclaration,
): void {
  const member = memberOf(args, decorator, ['field']);
  if (member !== undefined) member.staged.declarations.push(declare(member.name));
}

/** Runs `declare` for a decorated method, whichever dialect calls. */
export function stageMethod(
  args: readonly unknown[],
  decorator: string,
  declare: (staged: StagedClass, method: string) => void,
): void {
  const member = memberOf(args, decorator, ['method']);
  if (member !== undefined) declare(member.staged, member.name);
}

/** Runs `declare` for a decorated class, whichever dialect calls. */
export function stageClass(args: readonly unknown[], decorator: string, declare: (staged: StagedClass) => void): void {
  const [target, context] = args;
  if (typeof target !== 'function') {
    throw new MetadataError({
      what: `@${decorator} stands on something that is not a class`,
      fix: `move @${decorator} above the class`,
    });
  }
  declare(stage(isStandard(context) ? metadataOf(context, decorator) : target));
}

/** The class that is being defined and the member's name; a member that cannot be mapped is staged as a problem. */
function memberOf(args: readonly unknown[], decorator: string, kinds: readonly string[]): Member | undefined {
  const [first, second, descriptor] = args;
  if (isStandard(second)) {
    const staged = stage(metadataOf(second, decorator));
    return checked(
      staged,
      decorator,
      second.name,
      kinds,
      second.static === true ? 'static' : second.private === true ? 'private' : second.kind,
    );
  }
  if (typeof first === 'function')
    return checked(stage(first), decorator, second, kinds, second === undefined ? 'class' : 'static');
  const target = (first as { readonly constructor: object }).constructor;
  return checked(stage(target), decorator, second, kinds, legacyKind(descriptor));
}

function checked(
  staged: StagedClass,
  decorator: string,
  name: unknown,
  kinds: readonly string[],
  kind: string,
): Member | undefined {
  if (typeof name === 'string' && kinds.includes(kind)) return { staged, name };
  const found =
    kind === 'class' ? 'the class' : typeof name === 'symbol' ? 'a member named by a symbol' : `a ${kind} member`;
  const wanted = kinds.includes('field')
    ? 'an ordinary property (Reverie keeps entities plain objects)'
    : 'an ordinary method';
  staged.problems.push({
    ...(kind !== 'class' && { member: String(name) }),
    text: `@${decorator} stands on ${found}; it needs ${wanted}`,
  });
  return undefined;
}

function legacyKind(descriptor: unknown): string {
  if (typeof descriptor !== 'object' || descriptor === null) return 'field';
  if ('get' in descriptor || 'set' in descriptor) return 'getter';
  const value: unknown = (descriptor as PropertyDescriptor).value;
  // Babel's legacy decorators hand a descriptor with an initializer to fields.
  return typeof value === 'function' ? 'method' : 'field';
}

function metadataOf(context: StandardContext, decorator: string): object {
  if (typeof context.metadata === 'object' && context.metadata !== null) return context.metadata;
  throw new MetadataError({
    what: `@${decorator} was given no class metadata by the compiler`,
    why: 'its standard decorators predate context.metadata',
    fix: [
      'update the compiler (TypeScript 5.2, esbuild 0.21, SWC 1.4 or later)',
      'or compile with experimentalDecorators',
    ],
  });
}
