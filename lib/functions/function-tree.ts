import { constant, type FragmentNode } from '../surrealql/nodes/index.js';
import { fragmentOf } from '../surrealql/surql.js';
import { callFunction } from './call-function.js';
import { SIGNATURES, type Functions } from './families/index.js';
import type { Mode } from './argument-types.js';
import { CONSTANT } from './signatures.js';

interface Branch {
  name?: string;
  readonly below: Map<string, Branch>;
}

/** The functions as objects in objects, as `fn` shows them; `made` is what becomes of a call. */
export function functionTree<M extends Mode>(made: (expression: FragmentNode) => unknown): Functions<M> {
  return Object.freeze(membersOf(BRANCHES, made)) as unknown as Functions<M>;
}

const BRANCHES: Branch = branches();

function branches(): Branch {
  const root: Branch = { below: new Map() };
  for (const name of Object.keys(SIGNATURES)) {
    let at = root;
    for (const part of name.split('::')) {
      const next = at.below.get(part) ?? { below: new Map() };
      at.below.set(part, next);
      at = next;
    }
    at.name = name;
  }
  return root;
}

type Made = (expression: FragmentNode) => unknown;

function membersOf({ below }: Branch, made: Made, onto: object = {}): object {
  for (const [part, branch] of below) {
    const { name } = branch;
    const isConstant = name !== undefined && SIGNATURES[name] === CONSTANT;
    // A constant that is to be run is run when it is asked for.
    const member = isConstant ? { get: () => made(fragmentOf(constant(name))) } : { value: nodeOf(branch, made) };
    Object.defineProperty(onto, part, { ...member, enumerable: true, configurable: true });
  }
  return onto;
}

function nodeOf(branch: Branch, made: Made): object {
  const { name } = branch;
  if (name === undefined) return Object.freeze(membersOf(branch, made));
  const signature = SIGNATURES[name] as Exclude<(typeof SIGNATURES)[string], string>;
  const run = (...args: readonly unknown[]): unknown => made(callFunction(name, signature, args));
  return Object.freeze(membersOf(branch, made, run));
}
