import type { DatabaseObjectNode, RemoveNode } from '../surrealql/nodes/definitions.js';
import { equals } from '../values/equals.js';
import type { Change, StepKind } from './change.js';
import { comparable } from './comparable.js';
import { scratchKey, type ScratchNames } from './scratch-names.js';

/** Functions, parameters and sequences of a database, as INFO lists them. */
export interface ObjectLists {
  readonly functions: readonly unknown[];
  readonly params: readonly unknown[];
  readonly sequences: readonly unknown[];
}

export const OBJECT_LISTS = ['functions', 'params', 'sequences'] as const satisfies readonly (keyof ObjectLists)[];

interface Kind {
  readonly list: keyof ObjectLists;
  readonly object: RemoveNode['object'];
  readonly create: StepKind;
  readonly alter: StepKind;
}

const KINDS: Readonly<Record<DatabaseObjectNode['kind'], Kind>> = {
  DefineFunction: { list: 'functions', object: 'FUNCTION', create: 'createFunction', alter: 'alterFunction' },
  DefineParam: { list: 'params', object: 'PARAM', create: 'createParam', alter: 'alterParam' },
  DefineSequence: { list: 'sequences', object: 'SEQUENCE', create: 'createSequence', alter: 'alterSequence' },
};

export const removedObject = ({ kind }: DatabaseObjectNode): RemoveNode['object'] => KINDS[kind].object;

/** The definition under a name of its own, for the server to say it in its words. */
export const scratchObject = (node: DatabaseObjectNode, scratch: ScratchNames): DatabaseObjectNode =>
  Object.freeze({ ...node, name: scratch.object(scratchKey(node), node) });

/** What the server says of the wanted objects, by their own keys; undefined members for those that it does not have. */
export function objectModels(
  wanted: readonly DatabaseObjectNode[],
  lists: ObjectLists,
  nameOf: (node: DatabaseObjectNode) => string = ({ name }) => name,
): ReadonlyMap<string, unknown> {
  return new Map(
    wanted.flatMap((node) => {
      const listed = lists[KINDS[node.kind].list] as readonly { readonly name?: unknown }[];
      const found = listed.find(({ name }) => name === nameOf(node));
      if (found === undefined) return [];
      const { name: _name, ...said } = comparable(found) as Readonly<Record<string, unknown>>;
      return [[scratchKey(node), said] as const];
    }),
  );
}

/** Defining a sequence anew leaves it where it stands, and no record depends on what a function says. */
export function diffObjects(
  wanted: readonly DatabaseObjectNode[],
  canonical: ReadonlyMap<string, unknown>,
  live: ReadonlyMap<string, unknown>,
): readonly Change[] {
  return wanted.flatMap((node): readonly Change[] => {
    const { create, alter } = KINDS[node.kind];
    const there = live.get(scratchKey(node));
    if (there === undefined) return [{ kind: create, table: '', definition: node, risk: 'additive' }];
    if (equals(there, canonical.get(scratchKey(node)))) return [];
    return [
      { kind: alter, table: '', definition: Object.freeze({ ...node, exists: 'overwrite' as const }), risk: 'rewrite' },
    ];
  });
}
